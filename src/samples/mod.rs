//! The program's own pictures: ten each of six kinds, drawn by code, for whoever has no folder at hand.
//!
//! A kind is told by what is shown alone: colours, places, sizes and backgrounds are thrown by dice.

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

/// How many pictures there are of each kind.
const EACH: usize = 10;

/// What the pictures show, in the order of [`SampleImage::kind`].
pub const KINDS: [&str; 6] = ["bicycle", "boat", "cat", "clock", "flower", "house"];

/// How many pictures there are.
pub const COUNT: usize = KINDS.len() * EACH;

/// Width and height in pixels, landscape, portrait and square.
const SIZES_PX: [(u32, u32); 5] = [(320, 240), (240, 320), (300, 300), (330, 248), (256, 320)];

/// A picture as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleImage {
    /// The file's place in its folder, for instance `samples/boat-03.jpg`.
    pub path: String,
    /// What it shows: an index of [`KINDS`].
    pub kind: usize,
    /// The file: a JPEG.
    pub bytes: Vec<u8>,
}

/// Draws picture `index` of [`COUNT`], the kinds taking turns. An index beyond begins again.
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
