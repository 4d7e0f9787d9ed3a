//! Sample images drawn by code: ten each of six kinds, for trying the program without a folder.
//!
//! Only the subject distinguishes a kind: colours, positions, sizes and backgrounds are random.

mod bicycle;
mod boat;
mod canvas;
mod cat;
mod clock;
mod colour;
mod dice;
mod flower;
mod garden;
mod house;
mod scenery;
mod shape;
mod texture;

use canvas::Canvas;
use dice::Dice;

/// The number of images of each kind.
const EACH: usize = 10;

/// The subjects of the images, indexed by [`SampleImage::kind`].
pub const KINDS: [&str; 6] = ["bicycle", "boat", "cat", "clock", "flower", "house"];

/// The number of images.
pub const COUNT: usize = KINDS.len() * EACH;

/// Width and height in pixels, landscape, portrait and square.
const SIZES_PX: [(u32, u32); 5] = [(320, 240), (240, 320), (300, 300), (330, 248), (256, 320)];

/// A sample image as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleImage {
    /// The file's path, for instance `samples/boat-03.jpg`.
    pub path: String,
    /// The subject, an index into [`KINDS`].
    pub kind: usize,
    /// The file's content, a JPEG.
    pub bytes: Vec<u8>,
}

/// Draws image `index` of [`COUNT`]; consecutive images are of different kinds. Larger indices repeat the images.
pub fn draw(index: usize) -> SampleImage {
    let (kind, number) = (index % KINDS.len(), index / KINDS.len() % EACH);
    let mut dice = Dice::new(kind, number);
    let (width_px, height_px) = SIZES_PX[(kind + number) % SIZES_PX.len()];
    let mut canvas = Canvas::new(width_px, height_px);
    let paint = [bicycle::paint, boat::paint, cat::paint, clock::paint, flower::paint, house::paint][kind];
    paint(&mut canvas, &mut dice, number);
    let bytes = canvas.develop(dice.range(0.02, 0.05), dice.seed());
    SampleImage { path: format!("samples/{}-{:02}.jpg", KINDS[kind], number + 1), kind, bytes }
}
