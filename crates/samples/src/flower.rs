//! A flower, close up.

use super::canvas::{Canvas, Ink};
use super::colour::{Rgb, WHITE, hsl, lit, mix, smoothstep};
use super::dice::Dice;
use super::scenery::{blurred, shadow};
use super::shape::{Point, arc, around, circle, smooth};
use super::texture::rough;

/// Paints a flower, in some images with smaller ones behind it.
pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    let hue = dice.pick(&[90.0, 120.0, 150.0, 60.0, 200.0, 250.0]);
    let lightness = dice.range(0.18, 0.6);
    blurred(canvas, dice, hue, lightness);
    let petals = [
        hsl(350.0, 0.75, 0.58),
        hsl(48.0, 0.95, 0.55),
        [0.97, 0.96, 0.93],
        hsl(285.0, 0.5, 0.60),
        hsl(18.0, 0.9, 0.56),
        hsl(325.0, 0.7, 0.72),
        hsl(230.0, 0.55, 0.62),
    ];
    let petal = petals[(number * 3) % petals.len()];
    let at = (dice.range(-0.07, 0.07), dice.range(-0.10, 0.02));
    let size = dice.range(0.36, 0.45);
    for _ in 0..dice.below(3) {
        let place = (dice.pick(&[-0.38, 0.38]) + dice.range(-0.1, 0.1), dice.range(-0.15, 0.4));
        stem(canvas, dice, place, 0.2);
        let smaller = size * dice.range(0.4, 0.55);
        head(canvas, dice, place, smaller, lit(petal, 0.85));
    }
    stem(canvas, dice, at, 0.4);
    head(canvas, dice, at, size, petal);
}

fn stem(canvas: &mut Canvas, dice: &mut Dice, at: Point, size: f32) {
    let green = hsl(dice.range(80.0, 135.0), 0.45, dice.range(0.25, 0.38));
    let foot = (at.0 + dice.range(-0.12, 0.12), 0.8);
    let bend = (at.0 + dice.range(-0.08, 0.08), 0.35);
    canvas.stroke(arc(at, bend, foot), 0.06 * size + 0.008, lit(green, 0.7));
    canvas.stroke(arc((at.0 - 0.005, at.1), (bend.0 - 0.005, bend.1), foot), 0.025 * size, lit(green, 1.2));
    let seed = dice.seed();
    for side in [-1.0, 1.0] {
        canvas.place(
            ((at.0 + bend.0 + foot.0) / 3.0, dice.range(0.36, 0.5)),
            size * 1.2,
            side * dice.range(35.0, 65.0),
        );
        let leaf = [(0.0, 0.0), (-0.10, -0.22), (-0.03, -0.50), (0.0, -0.58), (0.04, -0.48), (0.10, -0.22)];
        canvas.shade(smooth(&leaf), |(x, y)| {
            let vein = ((y * 26.0 + x.abs() * 40.0).sin() * 0.5 + 0.5).powi(3) * 0.25;
            let rib = smoothstep(0.012, 0.004, x.abs()) * 0.5;
            lit(green, 0.75 + vein + rib - x * 2.0 + 0.3 * rough(x * 20.0, y * 20.0, 2, seed))
        });
        canvas.unplace();
    }
}

fn head(canvas: &mut Canvas, dice: &mut Dice, at: Point, size: f32, petal: Rgb) {
    let count = dice.pick(&[9, 12, 14, 17, 20]);
    let width = dice.range(0.85, 1.15) * 3.4 / count as f32;
    let eye = dice.range(0.24, 0.34);
    let operation = dice.range(0.0, 30.0);
    let seed = dice.seed();
    let glow = mix(petal, hsl(50.0, 0.8, 0.65), dice.range(0.1, 0.5));
    for layer in 0..2_u8 {
        let (length, tone) = if layer == 0 { (1.0, 0.74) } else { (0.86, 1.0) };
        for index in 0..count {
            let degrees =
                (index as f32 + 0.5 * f32::from(layer)) * 360.0 / count as f32 + operation + dice.range(-3.0, 3.0);
            canvas.place(at, size * length * dice.range(0.94, 1.04), degrees);
            let outline = [
                (0.0, -0.12),
                (-width * 0.36, -0.42),
                (-width * 0.46, -0.76),
                (-width * 0.2, -0.97),
                (0.0, -0.985),
                (width * 0.2, -0.97),
                (width * 0.46, -0.76),
                (width * 0.36, -0.42),
            ];
            let round = degrees.to_radians().cos() * 0.10;
            canvas.shade(smooth(&outline), |(x, y)| {
                let out = (-y).clamp(0.0, 1.0);
                let veins = rough(x / width * 16.0, y * 1.6, 2, seed.wrapping_add(index as u32));
                let crease = smoothstep(0.0, width * 0.12, x.abs());
                let edge = smoothstep(width * 0.30, width * 0.48, x.abs());
                lit(
                    mix(glow, petal, smoothstep(0.3, 0.7, out)),
                    tone * (0.52 + 0.36 * out + 0.28 * veins + 0.10 * crease - 0.3 * edge + round),
                )
            });
        }
    }
    canvas.place(at, size, 0.0);
    shadow(canvas, (0.01, 0.03), eye * 1.3, eye * 1.3, 0.5);
    let heart = dice.pick(&[hsl(42.0, 0.9, 0.5), hsl(28.0, 0.6, 0.28), hsl(52.0, 0.85, 0.55), hsl(70.0, 0.5, 0.4)]);
    canvas.fill(
        circle((0.0, 0.0), eye),
        Ink::Radial((-0.05, -0.08), eye * 1.3, [(lit(heart, 1.1), 1.0), (lit(heart, 0.5), 1.0)]),
    );
    for seed_number in 1..150_u8 {
        let share = (f32::from(seed_number) / 150.0).sqrt();
        let place = around((0.0, 0.0), eye * 0.97 * share, f32::from(seed_number) * 137.508);
        let grain = lit(heart, 0.7 + 0.5 * share);
        canvas.fill(circle((place.0 + 0.006, place.1 + 0.008), 0.018), Ink::Flat(lit(heart, 0.3), 0.8));
        canvas.fill(circle(place, 0.015), mix(grain, WHITE, 0.22));
    }
    canvas.unplace();
}
