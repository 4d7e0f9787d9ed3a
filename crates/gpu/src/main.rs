//! The program of the worker that embeds on the GPU.

fn main() {
    shoal_gpu::start();
}
