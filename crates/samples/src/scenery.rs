//! Backgrounds: skies, meadows, blurred distances and shadows.

use super::canvas::{Canvas, Ink};
use super::colour::{BLACK, Rgb, WHITE, hsl, lit, mix, smoothstep};
use super::dice::Dice;
use super::shape::{Point, circle, oval, rect};
use super::texture::{hash, rough};

/// A time of day: the colours of the sky and of the light.
#[derive(Clone, Copy)]
pub(super) struct Hour {
    /// The sky overhead.
    pub(super) zenith: Rgb,
    /// The sky at the horizon.
    pub(super) haze: Rgb,
    /// The clouds.
    pub(super) cloud: Rgb,
    /// The light, a factor for every colour on the ground.
    pub(super) light: Rgb,
}

/// The hours of the outdoor images, in rotation.
pub(super) const HOURS: [Hour; 8] = [
    hour([0.20, 0.47, 0.82], [0.77, 0.88, 0.96], [1.0, 1.0, 1.0], [1.0, 1.0, 0.97]),
    hour([0.36, 0.30, 0.55], [0.99, 0.62, 0.38], [1.0, 0.74, 0.62], [1.0, 0.78, 0.66]),
    hour([0.58, 0.65, 0.70], [0.86, 0.87, 0.86], [0.93, 0.94, 0.95], [0.85, 0.88, 0.90]),
    hour([0.06, 0.09, 0.24], [0.25, 0.30, 0.52], [0.22, 0.26, 0.42], [0.42, 0.48, 0.70]),
    hour([0.30, 0.62, 0.74], [0.98, 0.93, 0.76], [1.0, 0.97, 0.88], [1.0, 0.95, 0.82]),
    hour([0.47, 0.42, 0.68], [0.97, 0.78, 0.80], [0.99, 0.87, 0.90], [0.95, 0.84, 0.90]),
    hour([0.10, 0.30, 0.60], [0.50, 0.74, 0.92], [0.94, 0.97, 1.0], [1.0, 1.0, 1.0]),
    hour([0.72, 0.36, 0.24], [0.99, 0.82, 0.45], [0.99, 0.66, 0.42], [1.0, 0.80, 0.58]),
];

const fn hour(zenith: Rgb, haze: Rgb, cloud: Rgb, light: Rgb) -> Hour {
    Hour { zenith, haze, cloud, light }
}

/// A colour in the light of an hour.
pub(super) fn under(hour: Hour, colour: Rgb) -> Rgb {
    [0, 1, 2].map(|channel| colour[channel] * hour.light[channel])
}

/// Paints a cloudy sky that grows paler towards the horizon, with stars where it is dark.
pub(super) fn sky(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, horizon: f32) {
    let seed = dice.seed();
    let (cover, stretch) = (dice.range(0.42, 0.62), dice.range(2.0, 3.4));
    let dark = hour.zenith[0] < 0.1 && hour.light[0] < 0.5;
    let top = -canvas.half().1;
    canvas.cover(|(x, y)| {
        let down = ((y - top) / (horizon - top)).clamp(0.0, 1.0);
        let clear = mix(hour.zenith, hour.haze, down.powf(1.4));
        let cloudy = rough(x * stretch, y * stretch * 2.2, 5, seed);
        let lit_from_above = rough(x * stretch, y * stretch * 2.2 - 0.12, 3, seed);
        let cloud = lit(hour.cloud, 0.86 + 0.5 * (cloudy - lit_from_above).max(-0.2));
        let sky = mix(clear, cloud, smoothstep(cover, cover + 0.22, cloudy) * 0.9);
        let cell = ((x * 150.0).floor() as i32, (y * 150.0).floor() as i32);
        let star = if dark { smoothstep(0.985, 1.0, hash(cell.0, cell.1, seed)) } else { 0.0 };
        mix(sky, WHITE, star * (1.0 - down))
    });
}

/// Paints round, soft spots of light and leaves, like an out-of-focus background.
pub(super) fn blurred(canvas: &mut Canvas, dice: &mut Dice, hue: f32, lightness: f32) {
    let seed = dice.seed();
    let base = hsl(hue, dice.range(0.25, 0.48), lightness);
    let other = hsl(hue + dice.range(-50.0, 50.0), 0.4, (lightness * dice.range(0.4, 0.8)).min(0.9));
    canvas.cover(|(x, y)| mix(base, other, smoothstep(0.3, 0.7, rough(x * 2.2, y * 2.2, 2, seed))));
    let half = canvas.half();
    for _ in 0..26 {
        let centre = (dice.range(-half.0, half.0), dice.range(-half.1, half.1));
        let radius = dice.range(0.03, 0.13);
        let spot =
            hsl(hue + dice.range(-60.0, 60.0), dice.range(0.2, 0.7), (lightness + dice.range(-0.2, 0.3)).min(0.95));
        let ends = [(spot, dice.range(0.1, 0.4)), (spot, dice.range(0.0, 0.3))];
        canvas.fill(circle(centre, radius), Ink::Radial(centre, radius, ends));
    }
}

/// Paints grass from `horizon` down; the blades grow towards the viewer.
pub(super) fn meadow(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, horizon: f32, grass: Rgb) {
    let seed = dice.seed();
    let bottom = canvas.half().1;
    let ground = rect((-1.0, horizon), 2.0, 1.5);
    canvas.shade(ground, |(x, y)| {
        let near = (y - horizon) / (bottom - horizon);
        let blades = rough(x * 70.0, y * 26.0, 3, seed);
        let lumps = rough(x * 4.0, y * 14.0, 3, seed ^ 1);
        under(hour, lit(mix(grass, [0.45, 0.45, 0.2], lumps * 0.5), 0.45 + 0.75 * blades + 0.15 * near))
    });
}

/// Paints a soft shadow on the ground, whose darkest part has the opacity `strength`.
pub(super) fn shadow(canvas: &mut Canvas, centre: Point, across: f32, down: f32, strength: f32) {
    const RINGS: u8 = 30;
    for ring in 1..=RINGS {
        let share = f32::from(ring) / f32::from(RINGS);
        canvas.fill(oval(centre, across * share, down * share), Ink::Flat(BLACK, strength / f32::from(RINGS)));
    }
}

/// The colour at a position of a brick wall whose courses are `height` high.
pub(super) fn bricks((x, y): Point, height: f32, brick: Rgb, mortar: Rgb, seed: u32) -> Rgb {
    let row = (y / height).floor();
    let along = x / (height * 2.4) + if row.rem_euclid(2.0) < 1.0 { 0.0 } else { 0.5 };
    let (u, v) = (along - along.floor(), y / height - row);
    let edge = (u * 2.4).min((1.0 - u) * 2.4).min(v).min(1.0 - v);
    let tone = 0.78 + 0.4 * hash(along.floor() as i32, row as i32, seed) - 0.12 * rough(x * 60.0, y * 60.0, 2, seed);
    mix(mortar, lit(brick, tone), smoothstep(0.05, 0.14, edge))
}
