//! The program of the page: the engine and the interface behind the members that JavaScript calls.

mod arguments;
mod element;
mod events;

fn main() {
    element::start();
}
