//! The program of the page: what JavaScript sees of the engine and the interface.

mod element;

fn main() {
    element::start();
}
