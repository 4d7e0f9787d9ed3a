//! The program of the decoders, which exports the functions of its library.

use shoal_decoders as _;

fn main() {
    console_error_panic_hook::set_once();
}
