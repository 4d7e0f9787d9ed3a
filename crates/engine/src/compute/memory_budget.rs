//! The memory that decoded images may take, in all workers together.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;

/// The part of the machine's memory that decoded images may take.
const MEMORY_SHARE: f64 = 1.0 / 8.0;

/// The memory that decoded images may take. One half is divided among the jobs that workers run: an image that takes no more
/// than a job's part needs no reservation. The other half is reserved for larger images, which wait for each other.
pub struct MemoryBudget {
    half_bytes: u64,
    reserved_bytes: Cell<u64>,
    /// First come, first served.
    waiting: RefCell<VecDeque<(u64, oneshot::Sender<Reservation>)>>,
}

/// A reservation, which ends when it is dropped.
pub struct Reservation {
    budget: Rc<MemoryBudget>,
    bytes: u64,
}

impl MemoryBudget {
    /// The budget of a machine with this much memory.
    pub fn new(memory_gib: f64) -> Self {
        let half_bytes = (memory_gib * MEMORY_SHARE / 2.0 * f64::from(1 << 30)) as u64;
        Self { half_bytes, reserved_bytes: Cell::new(0), waiting: RefCell::default() }
    }

    /// How many bytes each of `jobs` concurrent jobs may take without a reservation.
    pub fn bytes_per_job(&self, jobs: usize) -> u64 {
        self.half_bytes / jobs.max(1) as u64
    }

    /// Waits until this many bytes are free, and reserves them. More than there are in total count as all of them, so that the
    /// largest image is decoded while no other large one is.
    pub async fn reserve(self: &Rc<Self>, bytes: u64) -> Option<Reservation> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().push_back((bytes.min(self.half_bytes), sender));
        self.grant();
        receiver.await.ok()
    }

    /// Grants what can be granted.
    fn grant(self: &Rc<Self>) {
        loop {
            let next = {
                let mut waiting = self.waiting.borrow_mut();
                waiting.retain(|(_, sender)| !sender.is_canceled());
                waiting.pop_front_if(|(bytes, _)| self.reserved_bytes.get() + *bytes <= self.half_bytes)
            };
            let Some((bytes, sender)) = next else { return };
            self.reserved_bytes.set(self.reserved_bytes.get() + bytes);
            // If the receiver is gone, the reservation is dropped at once.
            let _ = sender.send(Reservation { budget: self.clone(), bytes });
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.reserved_bytes.set(self.budget.reserved_bytes.get() - self.bytes);
        self.budget.grant();
    }
}
