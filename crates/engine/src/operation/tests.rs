//! The operation queue in a browser: order, yielding, cancellation and `busy` events.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt;
use shoal_browser::yielding::next_task;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::OperationQueue;
use crate::events::{Event, Events};

wasm_bindgen_test_configure!(run_in_browser);

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn push(&self, entry: impl Into<String>) {
        self.0.borrow_mut().push(entry.into());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// How a test starts an operation.
#[derive(Clone, Copy)]
enum Begin {
    Plain,
    Quiet,
    AfterOthers,
}

/// A queue whose `busy` events are logged.
fn logged_queue() -> (OperationQueue, Log) {
    let (events, log) = (Events::default(), Log::default());
    let busy_log = log.clone();
    events.subscribe(move |event| {
        if let Event::Busy(is_busy) = event {
            busy_log.push(format!("busy {is_busy}"));
        }
    });
    (OperationQueue::new(events), log)
}

/// Starts an operation that takes one task, and logs when it runs or why it does not.
fn spawn(queue: &OperationQueue, log: &Log, name: &'static str, begin: Begin) {
    let (queue, log) = (queue.clone(), log.clone());
    spawn_local(async move {
        let begun = match begin {
            Begin::Plain => queue.begin().await,
            Begin::Quiet => queue.begin_quietly().await,
            Begin::AfterOthers => queue.begin_after_others(true).await,
        };
        match begun {
            Ok(_operation) => {
                log.push(name);
                next_task().await;
                log.push(format!("{name} ends"));
            }
            Err(error) => log.push(format!("{name} {}", error.code)),
        }
    });
}

/// Waits until every spawned operation has ended.
async fn settle() {
    for _ in 0..20 {
        next_task().await;
    }
}

#[wasm_bindgen_test]
async fn operations_run_one_at_a_time_in_the_order_of_the_calls() {
    let (queue, log) = logged_queue();
    for name in ["a", "b", "c"] {
        spawn(&queue, &log, name, Begin::Quiet);
    }
    settle().await;
    assert_eq!(log.take(), ["a", "a ends", "b", "b ends", "c", "c ends"]);
}

#[wasm_bindgen_test]
async fn an_operation_that_yields_runs_when_no_other_waits() {
    let (queue, log) = logged_queue();
    let first = queue.begin_quietly().await.unwrap();
    spawn(&queue, &log, "yielding", Begin::AfterOthers);
    spawn(&queue, &log, "b", Begin::Quiet);
    spawn(&queue, &log, "c", Begin::Quiet);
    next_task().await;
    assert!(first.is_waited_for());
    drop(first);
    settle().await;
    assert_eq!(log.take(), ["b", "b ends", "c", "c ends", "yielding", "yielding ends"]);
}

#[wasm_bindgen_test]
async fn an_operation_that_yields_is_not_waited_for() {
    let (queue, log) = logged_queue();
    let first = queue.begin_quietly().await.unwrap();
    spawn(&queue, &log, "yielding", Begin::AfterOthers);
    next_task().await;
    assert!(!first.is_waited_for());
    drop(first);
    settle().await;
    assert_eq!(log.take(), ["yielding", "yielding ends"]);
}

#[wasm_bindgen_test]
async fn cancelling_stops_what_runs_and_what_waits_but_not_what_comes_later() {
    let (queue, log) = logged_queue();
    let first = queue.begin_quietly().await.unwrap();
    spawn(&queue, &log, "waiting", Begin::Quiet);
    next_task().await;
    assert!(!first.is_cancelled() && first.check().is_ok());
    queue.cancel();
    assert!(first.is_cancelled());
    assert!(first.check().is_err_and(|error| error.is_cancelled()));
    spawn(&queue, &log, "later", Begin::Quiet);
    next_task().await;
    drop(first);
    settle().await;
    assert_eq!(log.take(), ["waiting cancelled", "later", "later ends"]);
}

#[wasm_bindgen_test]
async fn a_caller_that_stops_waiting_leaves_its_turn_to_the_next() {
    let (queue, log) = logged_queue();
    let first = queue.begin_quietly().await.unwrap();
    {
        let mut abandoned = Box::pin(queue.begin_quietly());
        assert!(abandoned.as_mut().now_or_never().is_none());
    }
    spawn(&queue, &log, "b", Begin::Quiet);
    next_task().await;
    drop(first);
    settle().await;
    assert_eq!(log.take(), ["b", "b ends"]);
}

#[wasm_bindgen_test]
async fn one_call_is_aborted_by_itself() {
    let (queue, log) = logged_queue();
    let first = queue.begin_quietly().await.unwrap();
    for (call, name) in [(1, "one"), (2, "two")] {
        let (queue, log) = (queue.clone(), log.clone());
        spawn_local(async move {
            let begun = queue.in_call(call, async { queue.begin_quietly().await.map(drop) }).await;
            log.push(begun.map_or_else(|error| format!("{name} {}", error.code), |()| name.into()));
        });
    }
    next_task().await;
    assert!(!queue.abort(1), "it does not run");
    settle().await;
    assert_eq!(log.take(), ["one cancelled"]);
    assert!(!first.is_cancelled());
    drop(first);
    settle().await;
    assert_eq!(log.take(), ["two"]);
    let running = queue.in_call(3, queue.begin_quietly()).await.unwrap();
    assert!(queue.abort(3) && running.is_cancelled());
}

#[wasm_bindgen_test]
async fn a_closed_queue_runs_nothing() {
    let (queue, log) = logged_queue();
    let first = queue.begin_quietly().await.unwrap();
    spawn(&queue, &log, "waiting", Begin::Quiet);
    next_task().await;
    queue.close();
    assert!(first.is_cancelled());
    drop(first);
    spawn(&queue, &log, "later", Begin::Quiet);
    settle().await;
    assert_eq!(log.take(), ["waiting cancelled", "later cancelled"]);
}

#[wasm_bindgen_test]
async fn a_call_that_prepares_keeps_its_place() {
    let (queue, log) = logged_queue();
    let turn = queue.enqueue();
    spawn(&queue, &log, "later", Begin::Quiet);
    settle().await;
    assert_eq!(log.take(), ["busy true"]);
    drop(turn.begin().await.unwrap());
    settle().await;
    assert_eq!(log.take(), ["busy false", "later", "later ends"]);
    let turn = queue.enqueue();
    spawn(&queue, &log, "later", Begin::Quiet);
    drop(turn);
    settle().await;
    assert_eq!(log.take(), ["busy true", "busy false", "later", "later ends"]);
}

#[wasm_bindgen_test]
async fn a_cancellation_ends_what_would_never_end() {
    let (queue, log) = logged_queue();
    let token = queue.token();
    let (finished, task_log) = (token.or_cancelled(async { 1 }).await, log.clone());
    assert_eq!(finished.ok(), Some(1));
    let waiting = token.clone();
    spawn_local(async move {
        let ended = waiting.or_cancelled(std::future::pending::<()>()).await;
        task_log.push(ended.map_or_else(|error| error.code, |()| "ended".into()));
    });
    settle().await;
    assert_eq!(log.take(), [""; 0]);
    queue.cancel();
    settle().await;
    assert_eq!(log.take(), ["cancelled"]);
    assert!(token.or_cancelled(async { 1 }).await.is_err());
}

#[wasm_bindgen_test]
async fn the_engine_is_busy_from_the_first_operation_to_the_last() {
    let (queue, log) = logged_queue();
    let first = queue.begin().await.unwrap();
    spawn(&queue, &log, "b", Begin::Plain);
    spawn(&queue, &log, "quiet", Begin::Quiet);
    next_task().await;
    drop(first);
    settle().await;
    assert_eq!(log.take(), ["busy true", "b", "b ends", "busy false", "quiet", "quiet ends"]);
}

#[wasm_bindgen_test]
async fn a_cancelled_operation_that_waits_ends_the_busy_state_once() {
    let (queue, log) = logged_queue();
    let first = queue.begin().await.unwrap();
    spawn(&queue, &log, "b", Begin::Plain);
    next_task().await;
    queue.cancel();
    drop(first);
    settle().await;
    let mut entries = log.take();
    entries.sort();
    assert_eq!(entries, ["b cancelled", "busy false", "busy true"]);
}

#[wasm_bindgen_test]
async fn a_quiet_operation_may_count_as_busy_for_a_while() {
    let (queue, log) = logged_queue();
    let operation = queue.begin_quietly().await.unwrap();
    assert_eq!(log.take(), [""; 0]);
    let busy = operation.show_busy();
    assert_eq!(log.take(), ["busy true"]);
    drop(busy);
    assert_eq!(log.take(), ["busy false"]);
}

#[wasm_bindgen_test]
fn a_token_detects_the_cancellations_after_it() {
    let (queue, _) = logged_queue();
    let before = queue.token();
    assert!(!before.is_cancelled());
    queue.cancel();
    let after = queue.token();
    assert!(before.is_cancelled() && before.clone().is_cancelled());
    assert!(!after.is_cancelled());
}
