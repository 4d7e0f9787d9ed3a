//! The program of a worker.

fn main() {
    shoal_worker::start();
}
