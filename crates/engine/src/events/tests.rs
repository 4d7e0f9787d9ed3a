//! Events in a browser: order, listeners added while an event is emitted, and removal.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::{Event, Events, Stage};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn every_listener_gets_every_event_in_the_order_of_subscription() {
    let (events, log) = (Events::default(), Rc::new(RefCell::new(Vec::new())));
    for name in ["first", "second"] {
        let log = log.clone();
        events.subscribe(move |event| {
            if let Event::Progress { stage, done, total } = event {
                log.borrow_mut().push((name, stage.name(), *done, *total));
            }
        });
    }
    // A clone is a handle to the same listeners.
    events.clone().progress(Stage::Embedding, 2, 5);
    assert_eq!(log.take(), [("first", "embedding", 2, 5), ("second", "embedding", 2, 5)]);
}

#[wasm_bindgen_test]
fn a_listener_that_is_added_by_another_gets_the_next_event() {
    let (events, calls) = (Events::default(), Rc::new(Cell::new(0)));
    let (handle, added_calls) = (events.clone(), calls.clone());
    let is_first = Cell::new(true);
    events.subscribe(move |_| {
        if is_first.replace(false) {
            let calls = added_calls.clone();
            handle.subscribe(move |_| calls.set(calls.get() + 1));
        }
    });
    events.emit(Event::Cleared);
    assert_eq!(calls.get(), 0);
    events.emit(Event::Cleared);
    assert_eq!(calls.get(), 1);
}

#[wasm_bindgen_test]
fn a_listener_may_emit_and_may_remove_all_listeners() {
    let (events, busy) = (Events::default(), Rc::new(RefCell::new(Vec::new())));
    let (handle, log) = (events.clone(), busy.clone());
    events.subscribe(move |event| match event {
        Event::Cleared => handle.emit(Event::Busy(true)),
        Event::Busy(is_busy) => {
            log.borrow_mut().push(*is_busy);
            handle.clear();
        }
        _ => {}
    });
    events.emit(Event::Cleared);
    events.emit(Event::Busy(false));
    assert_eq!(busy.take(), [true]);
}

#[wasm_bindgen_test]
fn removed_listeners_are_dropped() {
    let (events, kept) = (Events::default(), Rc::new(()));
    let captured = kept.clone();
    events.subscribe(move |_| drop(captured.clone()));
    assert_eq!(Rc::strong_count(&kept), 2);
    events.clear();
    assert_eq!(Rc::strong_count(&kept), 1);
}
