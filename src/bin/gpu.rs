//! The program of the worker that embeds on the graphics processor.

fn main() {
    #[cfg(target_arch = "wasm32")]
    shoal::web::gpu::start();
}
