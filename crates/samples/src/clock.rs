//! A clock on a wall.

use super::canvas::{Canvas, Ink};
use super::colour::{BLACK, Rgb, WHITE, hsl, lit, mix};
use super::dice::Dice;
use super::scenery::{bricks, shadow};
use super::shape::{Point, around, circle, line, polygon};
use super::texture::{noise, rough};

/// Paints a clock.
pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    wall(canvas, dice, number);
    let at = (dice.range(-0.06, 0.06), dice.range(-0.06, 0.06));
    let size = dice.range(0.36, 0.43);
    canvas.place(at, size, 0.0);
    shadow(canvas, (0.10, 0.14), 1.16, 1.16, 0.75);
    rim(canvas, dice, number);
    let dial = dice.pick(&[
        [0.97, 0.96, 0.92],
        [0.94, 0.89, 0.77],
        [0.13, 0.14, 0.17],
        [0.98, 0.98, 0.98],
        [0.20, 0.28, 0.36],
        [0.90, 0.94, 0.90],
    ]);
    let print = if dial[0] < 0.5 { [0.93, 0.90, 0.82] } else { [0.10, 0.10, 0.12] };
    canvas.fill(
        circle((0.0, 0.0), 0.86),
        Ink::Radial((-0.2, -0.25), 1.3, [(lit(dial, 1.04), 1.0), (lit(dial, 0.78), 1.0)]),
    );
    figures(canvas, dice, print);
    hands(canvas, dice, print);
    for glare in 0..8_u8 {
        let x = -0.62 + 0.045 * f32::from(glare);
        let streak = polygon(&[(x, -0.42), (x + 0.16, -0.62), (x + 0.62, 0.0), (x + 0.46, 0.2)]);
        canvas.fill(streak, Ink::Flat(WHITE, 0.018));
    }
    canvas.unplace();
}

fn wall(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    let seed = dice.seed();
    let hue = 137.5 * number as f32 + dice.range(-15.0, 15.0);
    let base = hsl(hue, dice.range(0.15, 0.45), dice.range(0.25, 0.78));
    let other = lit(base, dice.range(0.78, 0.9));
    let light = dice.range(-0.4, 0.4);
    canvas.cover(|(x, y)| {
        let colour = match number % 4 {
            0 => {
                if (x * 7.0).rem_euclid(1.0) < 0.5 {
                    base
                } else {
                    other
                }
            }
            1 => bricks((x, y), 0.085, base, mix(base, WHITE, 0.15), seed),
            2 => lit(mix(base, other, noise(x * 3.0, y * 3.0, seed)), 0.9 + 0.2 * rough(x * 40.0, y * 40.0, 2, seed)),
            _ => {
                let board = (x * 5.0).floor();
                let vein = rough(x * 40.0 + board * 9.0, y * 2.5, 3, seed);
                let gap = (x * 5.0 - board) < 0.04;
                lit(base, if gap { 0.4 } else { 0.7 + 0.5 * vein })
            }
        };
        lit(colour, 1.0 + light * x - 0.25 * y)
    });
}

fn rim(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    let metal: Rgb = dice.pick(&[
        [0.80, 0.66, 0.36],
        [0.72, 0.74, 0.77],
        [0.40, 0.24, 0.14],
        [0.12, 0.12, 0.13],
        [0.72, 0.16, 0.14],
        [0.16, 0.45, 0.45],
    ]);
    let seed = dice.seed();
    let wooden = number.is_multiple_of(3);
    canvas.shade(circle((0.0, 0.0), 1.0), |(x, y)| {
        let away = (x * x + y * y).sqrt();
        let slope = ((away - 0.93) * 40.0).clamp(-1.0, 1.0);
        let facing = -(x * 0.6 + y * 0.8) / away.max(0.01);
        let vein = if wooden { 0.3 * (rough(x * 4.0, y * 40.0, 3, seed) - 0.5) } else { 0.0 };
        lit(metal, 0.95 + 0.5 * slope * facing + vein)
    });
    canvas.stroke(circle((0.0, 0.0), 0.865), 0.025, Ink::Flat(BLACK, 0.45));
    canvas.stroke(circle((0.0, 0.0), 0.985), 0.015, Ink::Flat(WHITE, 0.25));
}

fn figures(canvas: &mut Canvas, dice: &mut Dice, print: Rgb) {
    let roman = dice.chance(0.6);
    canvas.stroke(circle((0.0, 0.0), 0.80), 0.008, print);
    for minute in 0..60_u8 {
        let degrees = f32::from(minute) * 6.0;
        let (long, wide) = if minute % 5 == 0 { (0.07, 0.026) } else { (0.035, 0.010) };
        let ends = [around((0.0, 0.0), 0.80, degrees), around((0.0, 0.0), 0.80 - long, degrees)];
        canvas.stroke(line(&ends), wide, print);
        if minute % 5 == 0 {
            if roman {
                numeral(canvas, if minute == 0 { 12 } else { minute / 5 }, degrees, print);
            } else {
                let ends = [around((0.0, 0.0), 0.68, degrees), around((0.0, 0.0), 0.50, degrees)];
                canvas.stroke(line(&ends), if minute % 15 == 0 { 0.075 } else { 0.05 }, print);
            }
        }
    }
}

/// Paints a Roman numeral whose foot points at the centre.
fn numeral(canvas: &mut Canvas, hour: u8, degrees: f32, print: Rgb) {
    const NUMERALS: [&str; 12] = ["I", "II", "III", "IIII", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let letters = NUMERALS[usize::from(hour) - 1];
    let wide = |letter: char| if letter == 'I' { 0.055 } else { 0.12 };
    let mut x = -letters.chars().map(wide).sum::<f32>() / 2.0;
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let turned = |x: f32, y: f32| -> Point { (x * cosine - y * sine, x * sine + y * cosine) };
    for letter in letters.chars() {
        let (left, middle, right) = (x + 0.015, x + wide(letter) / 2.0, x + wide(letter) - 0.015);
        let (top, foot) = (-0.69, -0.53);
        let strokes: &[(f32, f32, f32)] = match letter {
            'I' => &[(middle, middle, 0.026)],
            'V' => &[(left, middle, 0.028), (right, middle, 0.014)],
            _ => &[(left, right, 0.028), (right, left, 0.014)],
        };
        for (from, to, width) in strokes {
            canvas.stroke(line(&[turned(*from, top), turned(*to, foot)]), *width, print);
        }
        x += wide(letter);
    }
}

fn hands(canvas: &mut Canvas, dice: &mut Dice, print: Rgb) {
    let minutes = dice.range(0.0, 720.0);
    let hand = |canvas: &mut Canvas, degrees: f32, reach: f32, wide: f32, colour: Rgb| {
        let shape = |dx: f32, dy: f32| {
            let sides = [(reach, 0.0), (reach * 0.2, 90.0), (0.16, 180.0), (reach * 0.2, 270.0)];
            let corners = sides.map(|(away, operation)| {
                let away = if operation == 90.0 || operation == 270.0 { wide } else { away };
                let (x, y) = around((0.0, 0.0), away, degrees + operation);
                (x + dx, y + dy)
            });
            polygon(&corners)
        };
        canvas.fill(shape(0.025, 0.04), Ink::Flat(BLACK, 0.28));
        canvas.fill(shape(0.0, 0.0), colour);
    };
    hand(canvas, minutes * 0.5, 0.46, 0.055, print);
    hand(canvas, minutes * 6.0, 0.70, 0.042, print);
    hand(canvas, dice.range(0.0, 360.0), 0.74, 0.014, [0.80, 0.16, 0.12]);
    canvas.fill(circle((0.0, 0.0), 0.06), print);
    canvas.fill(circle((-0.01, -0.01), 0.025), mix(print, WHITE, 0.5));
}
