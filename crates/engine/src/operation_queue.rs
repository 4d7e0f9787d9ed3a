//! Operations run one after another, in the order in which they were asked for; the patient ones when no other waits.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;

/// The queue. Clones are handles to the same one.
#[derive(Clone, Default)]
pub struct OperationQueue(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    taken: bool,
    waiting: VecDeque<oneshot::Sender<Permit>>,
    patient: VecDeque<oneshot::Sender<Permit>>,
}

/// While it is held, nothing else runs.
pub struct Permit(OperationQueue);

impl OperationQueue {
    /// Waits for a turn; when `patient`, until nobody else waits for one.
    pub async fn take(&self, patient: bool) -> Permit {
        let receiver = {
            let mut state = self.0.borrow_mut();
            if !state.taken {
                state.taken = true;
                return Permit(self.clone());
            }
            let (sender, receiver) = oneshot::channel();
            if patient { &mut state.patient } else { &mut state.waiting }.push_back(sender);
            receiver
        };
        match receiver.await {
            Ok(alone) => alone,
            // The queue lives as long as anyone who waits in it and never drops a place; taking what is free is then right.
            Err(oneshot::Canceled) => Permit(self.clone()),
        }
    }

    /// Whether anyone waits who is not patient.
    pub fn is_wanted(&self) -> bool {
        !self.0.borrow().waiting.is_empty()
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let next = {
            let mut state = self.0.0.borrow_mut();
            let next = state.waiting.pop_front().or_else(|| state.patient.pop_front());
            state.taken = next.is_some();
            next
        };
        if let Some(next) = next {
            // One who no longer waits drops the turn at once, which hands it on.
            let _ = next.send(Permit(self.0.clone()));
        }
    }
}
