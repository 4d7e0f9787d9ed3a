//! The worker's program.

fn main() {
    #[cfg(target_arch = "wasm32")]
    shoal::web::lane::start();
}
