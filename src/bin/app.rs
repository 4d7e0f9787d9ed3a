//! The page's program: its exports are in `shoal::web::element`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    shoal::web::element::start();
}
