//! A cat's face.

use super::canvas::{Canvas, Ink};
use super::colour::{BLACK, Rgb, WHITE, hsl, lit, mix, smoothstep};
use super::dice::Dice;
use super::scenery::blurred;
use super::shape::{Point, arc, circle, oval, polygon, smooth};
use super::texture::rough;

/// Coat, stripes, muzzle and bib.
const COATS: [[Rgb; 3]; 6] = [
    [[0.86, 0.54, 0.24], [0.62, 0.32, 0.10], [0.98, 0.90, 0.80]],
    [[0.52, 0.53, 0.56], [0.27, 0.28, 0.31], [0.86, 0.86, 0.86]],
    [[0.27, 0.25, 0.25], [0.12, 0.11, 0.12], [0.88, 0.87, 0.85]],
    [[0.93, 0.91, 0.87], [0.82, 0.77, 0.70], [1.0, 0.99, 0.97]],
    [[0.50, 0.38, 0.27], [0.24, 0.17, 0.12], [0.84, 0.75, 0.64]],
    [[0.88, 0.80, 0.68], [0.42, 0.31, 0.25], [0.60, 0.48, 0.40]],
];

/// Paints a cat.
pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    let (hue, lightness) = (dice.range(0.0, 360.0), dice.range(0.2, 0.8));
    blurred(canvas, dice, hue, lightness);
    let [coat, stripes, pale] = COATS[number % COATS.len()];
    let coat = coat.map(|channel| channel * dice.range(0.94, 1.06));
    let seed = dice.seed();
    let size = dice.range(0.86, 1.08);
    let at = (dice.range(-0.07, 0.07), dice.range(0.0, 0.07));
    let tilt = dice.range(-9.0, 9.0);
    let striped = if number % 3 == 2 { 0.6 } else { 0.9 };
    let fur = |pale_at: fn(Point) -> f32| {
        move |(x, y): Point| {
            let (angle, away) = ((x).atan2(-y - 0.02), (x * x + y * y).sqrt());
            let streak = rough(angle * 26.0, away * 9.0, 3, seed);
            let hair = 0.5 + (streak - 0.5) * smoothstep(0.0, 0.16, away);
            let bands = ((angle * 9.0).sin() * 0.5 + 0.5) * smoothstep(0.12, 0.26, away);
            let brow = ((x * 62.0).cos() * 0.5 + 0.5) * smoothstep(-0.10, -0.2, y) * smoothstep(0.14, 0.05, x.abs());
            let dark = smoothstep(0.45, 0.75, bands.max(brow) + (hair - 0.5) * 0.5) * striped;
            let tone = mix(mix(coat, stripes, dark), pale, pale_at((x, y)) * 0.9);
            lit(tone, 0.62 + 0.62 * hair - 0.35 * y - 0.5 * x.abs().powi(2))
        }
    };
    // Far below the neck, so that the coat covers the chest.
    canvas.place((at.0 * 0.4, at.1 + 0.14 * size), size, 0.0);
    let body = [(-0.17, 0.02), (0.17, 0.02), (0.33, 0.28), (0.38, 0.8), (-0.38, 0.8), (-0.33, 0.28)];
    let bib = |(x, y): Point| smoothstep(0.17, 0.06, x.abs()) * smoothstep(0.68, 0.28, y);
    canvas.shade(smooth(&body), |point| lit(fur(bib)(point), 0.98));
    canvas.place(at, size, tilt);
    for side in [-1.0, 1.0] {
        let outer = [(0.08 * side, -0.24), (0.24 * side, -0.45), (0.31 * side, -0.40), (0.315 * side, -0.07)];
        canvas.shade(smooth(&outer), fur(|_| 0.0));
        let inner = [(0.15 * side, -0.24), (0.245 * side, -0.37), (0.27 * side, -0.15)];
        canvas.shade(polygon(&inner), |(x, y)| {
            lit(mix([0.85, 0.58, 0.56], coat, 0.35), 0.6 + 0.6 * rough(x * 60.0, y * 8.0, 2, seed))
        });
    }
    let head = [
        (0.0, -0.29),
        (0.17, -0.25),
        (0.31, -0.07),
        (0.33, 0.10),
        (0.19, 0.25),
        (0.0, 0.30),
        (-0.19, 0.25),
        (-0.33, 0.10),
        (-0.31, -0.07),
        (-0.17, -0.25),
    ];
    let muzzle = |(x, y): Point| smoothstep(0.17, 0.07, ((x * 0.9).powi(2) + (y - 0.18).powi(2)).sqrt());
    canvas.shade(smooth(&head), fur(muzzle));
    let iris = hsl(dice.pick(&[45.0, 60.0, 95.0, 130.0, 200.0, 28.0]), 0.6, 0.5);
    let pupil = dice.range(0.028, 0.048);
    for side in [-1.0, 1.0] {
        eye(canvas, side, iris, pupil);
    }
    mouth(canvas, mix([0.85, 0.50, 0.50], coat, dice.range(0.0, 0.45)));
    for side in [-1.0, 1.0] {
        for hair in 0..4_u8 {
            let (up, reach) = (0.05 * f32::from(hair) - 0.08, dice.range(0.36, 0.46));
            let root = (0.085 * side, 0.16 + up * 0.35);
            let tip = (reach * side, 0.15 + up * 1.6);
            let white = Ink::Flat(mix(WHITE, stripes, 0.1), 0.85);
            canvas.stroke(arc(root, (0.25 * side, 0.11 + up), tip), 0.0045, white);
        }
    }
    canvas.unplace();
}

fn eye(canvas: &mut Canvas, side: f32, iris: Rgb, pupil: f32) {
    let centre = (0.145 * side, -0.015);
    let lid = |grown: f32| {
        let (across, down) = (0.078 + grown, 0.062 + grown);
        let corner = |x: f32, y: f32| (centre.0 + x * across * side, centre.1 + y * down);
        smooth(&[
            corner(-1.0, 0.25),
            corner(-0.45, -0.8),
            corner(0.45, -0.95),
            corner(1.0, -0.15),
            corner(0.5, 0.75),
            corner(-0.4, 0.9),
        ])
    };
    canvas.fill(lid(0.012), [0.10, 0.07, 0.06]);
    canvas.shade(lid(0.0), |(x, y)| {
        let away = ((x - centre.0).powi(2) + (y - centre.1).powi(2)).sqrt();
        lit(iris, 1.25 - away * 7.0 + (y - centre.1) * 5.0)
    });
    canvas.fill(oval(centre, pupil, 0.055), BLACK);
    canvas.fill(circle((centre.0 - 0.022, centre.1 - 0.025), 0.014), Ink::Flat(WHITE, 0.95));
    canvas.fill(circle((centre.0 + 0.02, centre.1 + 0.022), 0.007), Ink::Flat(WHITE, 0.6));
}

fn mouth(canvas: &mut Canvas, nose: Rgb) {
    let tip = [(-0.045, 0.095), (0.0, 0.085), (0.045, 0.095), (0.015, 0.13), (0.0, 0.14), (-0.015, 0.13)];
    for side in [-1.0, 1.0] {
        let lip = Ink::Flat([0.15, 0.08, 0.08], 0.85);
        canvas.stroke(arc((0.0, 0.18), (0.045 * side, 0.225), (0.10 * side, 0.19)), 0.010, lip);
        for spot in 0..5_u8 {
            let place = ((0.06 + 0.018 * f32::from(spot % 3)) * side, 0.145 + 0.02 * f32::from(spot / 2));
            canvas.fill(circle(place, 0.0045), Ink::Flat(BLACK, 0.5));
        }
    }
    canvas.stroke(arc((0.0, 0.13), (0.0, 0.15), (0.0, 0.182)), 0.009, Ink::Flat([0.15, 0.08, 0.08], 0.85));
    canvas
        .fill(smooth(&tip), Ink::Linear([(0.0, 0.085), (0.0, 0.14)], [(lit(nose, 1.1), 1.0), (lit(nose, 0.65), 1.0)]));
}
