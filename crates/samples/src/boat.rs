//! A sailing boat on the water.

use super::canvas::{Canvas, Ink};
use super::colour::{BLACK, Rgb, WHITE, hsl, lit, mix, smoothstep};
use super::dice::Dice;
use super::scenery::{HOURS, Hour, sky, under};
use super::shape::{arc, circle, line, polygon, rect, smooth};
use super::texture::rough;

/// The height of the mast above the water, including the flag.
const MAST: f32 = 0.79;

/// Paints a boat.
pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    let hour = HOURS[number % HOURS.len()];
    let horizon = dice.range(-0.08, 0.16);
    sky(canvas, dice, hour, horizon);
    let sun_x = dice.range(-0.45, 0.45);
    if dice.chance(0.6) {
        let sun = (sun_x, horizon - dice.range(0.1, 0.3));
        canvas.fill(circle(sun, 0.2), Ink::Radial(sun, 0.2, [(mix(hour.haze, WHITE, 0.6), 0.8), (hour.haze, 0.0)]));
        canvas.fill(circle(sun, 0.05), mix(hour.haze, WHITE, 0.85));
    }
    if dice.chance(0.6) {
        coast(canvas, dice, hour, horizon);
    }
    let water =
        dice.pick(&[hsl(205.0, 0.6, 0.38), hsl(182.0, 0.5, 0.40), hsl(165.0, 0.35, 0.32), hsl(220.0, 0.5, 0.28)]);
    sea(canvas, dice, hour, horizon, under(hour, water), sun_x);
    let waterline = (horizon + dice.range(0.14, 0.22)).clamp(0.16, 0.36);
    let below_the_edge = (waterline + canvas.half().1 - 0.03) / MAST;
    let size = dice.range(0.8, 1.0).min(below_the_edge);
    let from_the_middle = dice.range(-0.1, 0.1);
    boat(canvas, dice, hour, (from_the_middle, waterline), size);
}

fn coast(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, horizon: f32) {
    let seed = dice.seed();
    let (from, height) = (dice.range(-0.9, 0.3), dice.range(0.05, 0.13));
    let ridge = (0..=24).map(|step| {
        let along = step as f32 / 24.0;
        let bulge = (along * std::f32::consts::PI).sin();
        (from + along * 0.8, horizon - height * bulge * (0.5 + rough(along * 6.0, 0.0, 3, seed)))
    });
    let land = mix(under(hour, [0.25, 0.35, 0.28]), hour.haze, 0.45);
    canvas.fill(polygon(&ridge.collect::<Vec<_>>()), land);
}

fn sea(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, horizon: f32, water: Rgb, sun_x: f32) {
    let seed = dice.seed();
    canvas.shade(rect((-1.0, horizon), 2.0, 1.5), |(x, y)| {
        let near = 0.03 + (y - horizon);
        let (across, away) = (x / near * 0.9, 3.2 / near);
        let wave = rough(across * 0.9, away * 0.45, 3, seed);
        let ripple = rough(x * 26.0, y * 120.0, 2, seed ^ 7);
        let far = (-(y - horizon) * 7.0).exp();
        let deep = mix(water, hour.haze, 0.65 * far);
        let crest = mix(deep, mix(hour.haze, WHITE, 0.4), smoothstep(0.55, 0.85, wave) * 0.75);
        let trough = lit(crest, 0.72 + 0.34 * wave + 0.22 * ripple);
        let glint = smoothstep(0.14 + 0.25 * near, 0.0, (x - sun_x).abs()) * smoothstep(0.5, 0.75, ripple);
        mix(trough, mix(hour.haze, WHITE, 0.7), glint * 0.7)
    });
}

fn boat(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, at: (f32, f32), size: f32) {
    let hull = dice.pick(&[
        [0.93, 0.93, 0.90],
        [0.72, 0.18, 0.15],
        [0.14, 0.24, 0.42],
        [0.50, 0.30, 0.17],
        [0.16, 0.42, 0.36],
    ]);
    let cloth = dice.pick(&[
        [0.97, 0.95, 0.90],
        [0.96, 0.90, 0.78],
        [0.99, 0.99, 0.99],
        [0.82, 0.32, 0.22],
        [0.93, 0.72, 0.30],
    ]);
    let (hull, cloth) = (under(hour, hull), under(hour, cloth));
    let lean = dice.range(-7.0, 7.0);
    let seed = dice.seed();
    let mirrored = dice.chance(0.5);
    canvas.place(at, size, 0.0);
    for strip in 0..16_u8 {
        let down = f32::from(strip) * 0.012;
        let sway = (rough(f32::from(strip) * 0.9, 0.5, 2, seed) - 0.5) * 0.08;
        let width = 0.30 - 0.010 * f32::from(strip);
        canvas.fill(
            rect((sway - width, 0.02 + down), 2.0 * width, 0.007),
            Ink::Flat(mix(hull, BLACK, 0.35), 0.5 - 0.028 * f32::from(strip)),
        );
    }
    canvas.place(at, size, lean);
    if mirrored {
        canvas.mirror();
    }
    let wood = under(hour, [0.45, 0.30, 0.18]);
    canvas.stroke(line(&[(0.0, 0.0), (0.0, -0.74)]), 0.014, wood);
    canvas.stroke(line(&[(-0.01, -0.09), (-0.31, -0.075)]), 0.012, wood);
    sail(canvas, [(-0.015, -0.71), (-0.19, -0.40), (-0.30, -0.10), (-0.015, -0.11)], cloth, seed);
    sail(canvas, [(0.012, -0.64), (0.16, -0.36), (0.29, -0.065), (0.03, -0.10)], mix(cloth, WHITE, 0.2), seed ^ 3);
    canvas.stroke(line(&[(0.0, -0.74), (0.33, -0.045)]), 0.004, lit(wood, 0.7));
    canvas.stroke(line(&[(0.0, -0.74), (-0.33, -0.045)]), 0.004, lit(wood, 0.7));
    let flag = hsl(dice.range(0.0, 360.0), 0.8, 0.5);
    canvas.fill(polygon(&[(0.0, -0.78), (-0.09, -0.755), (0.0, -0.73)]), under(hour, flag));
    let outline = [
        (-0.34, -0.055),
        (-0.10, -0.035),
        (0.15, -0.037),
        (0.38, -0.065),
        (0.27, 0.035),
        (0.10, 0.06),
        (-0.15, 0.06),
        (-0.29, 0.04),
    ];
    canvas.fill(
        polygon(&[(-0.18, -0.03), (-0.16, -0.085), (0.08, -0.085), (0.14, -0.03)]),
        lit(mix(hull, wood, 0.6), 1.1),
    );
    for window in 0..3_u8 {
        canvas.fill(circle((-0.11 + 0.08 * f32::from(window), -0.058), 0.013), under(hour, [0.15, 0.22, 0.28]));
    }
    canvas.shade(smooth(&outline), |(x, y)| {
        let plank = smoothstep(0.8, 1.0, (y * 180.0).cos());
        let tone = 1.12 - (y + 0.06) * 4.5 - plank * 0.14 + (rough(x * 30.0, y * 60.0, 2, seed) - 0.5) * 0.14;
        let from_stripe = (y + 0.019 + x * x * 0.14).abs();
        lit(mix(hull, WHITE, 0.75 * smoothstep(0.011, 0.007, from_stripe)), tone)
    });
    canvas.place(at, size, 0.0);
    for wave in 0..7_u8 {
        let x = -0.33 + 0.11 * f32::from(wave);
        let foam = Ink::Flat(mix(hour.haze, WHITE, 0.7), 0.75);
        canvas.stroke(arc((x - 0.05, 0.045), (x, 0.06 + 0.01 * f32::from(wave % 2)), (x + 0.07, 0.043)), 0.009, foam);
    }
    canvas.unplace();
}

fn sail(canvas: &mut Canvas, [top, belly, tip, root]: [(f32, f32); 4], cloth: Rgb, seed: u32) {
    let out = if tip.0 < 0.0 { -0.03 } else { 0.03 };
    let outline = [
        top,
        (belly.0 * 0.55 + out * 0.2, (top.1 + belly.1) * 0.5),
        (belly.0 + out, belly.1 + 0.05),
        tip,
        root,
        (root.0, (top.1 + root.1) / 2.0),
    ];
    canvas.shade(polygon(&outline), |(x, y)| {
        let seam = ((y + x * 0.25) * 14.0).rem_euclid(1.0) < 0.07;
        let bulge = 1.06 - 0.9 * (x.abs() - 0.10).abs() + (rough(x * 9.0, y * 9.0, 3, seed) - 0.5) * 0.16;
        lit(cloth, if seam { bulge * 0.82 } else { bulge })
    });
}
