//! Plants around a house.

use super::canvas::Canvas;
use super::colour::{Rgb, hsl, lit};
use super::dice::Dice;
use super::scenery::{Hour, under};
use super::shape::{Point, around, line, smooth};
use super::texture::rough;

/// A tree as high as `size`.
pub(super) fn tree(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, foot: Point, size: f32) {
    let bark = under(hour, [0.36, 0.26, 0.18]);
    canvas.stroke(line(&[foot, (foot.0, foot.1 - 0.5 * size)]), 0.09 * size, bark);
    let leaf = under(
        hour,
        dice.pick(&[hsl(100.0, 0.4, 0.34), hsl(130.0, 0.35, 0.28), hsl(35.0, 0.65, 0.45), hsl(75.0, 0.45, 0.38)]),
    );
    crown(canvas, dice, (foot.0, foot.1 - 0.75 * size), 0.42 * size, leaf);
}

/// A low bush.
pub(super) fn bush(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, at: Point) {
    let leaf = under(hour, hsl(dice.range(80.0, 140.0), 0.4, 0.3));
    crown(canvas, dice, at, 0.07, leaf);
}

fn crown(canvas: &mut Canvas, dice: &mut Dice, at: Point, radius: f32, leaf: Rgb) {
    const TUFTS: u8 = 22;
    let seed = dice.seed();
    let outline: Vec<Point> = (0..TUFTS)
        .map(|step| around(at, radius * dice.range(0.88, 1.12), f32::from(step) * 360.0 / f32::from(TUFTS)))
        .collect();
    canvas.shade(smooth(&outline), |(x, y)| {
        let leaves = rough(x * 34.0, y * 34.0, 3, seed);
        let lumps = rough(x * 9.0, y * 9.0, 2, seed ^ 5);
        lit(leaf, 0.35 + 0.75 * leaves + 0.5 * lumps - 0.45 * (y - at.1) / radius)
    });
}
