//! A bicycle leaning on a wall or standing in a park.

use super::canvas::{Canvas, Ink};
use super::colour::{Rgb, WHITE, hsl, lit, mix, smoothstep};
use super::dice::Dice;
use super::scenery::{HOURS, Hour, bricks, meadow, shadow, sky, under};
use super::shape::{Point, arc, around, circle, line, rect, smooth};
use super::texture::{noise, rough};

const REAR: Point = (-0.27, 0.0);
const FRONT: Point = (0.27, 0.0);
const CRANK: Point = (-0.035, 0.02);
const SADDLE: Point = (-0.125, -0.25);
const HEAD: Point = (0.185, -0.22);

/// Paints a bicycle.
pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    let hour = HOURS[(number * 3 + 2) % HOURS.len()];
    let ground = dice.range(0.16, 0.24);
    background(canvas, dice, hour, number, ground);
    let size = dice.range(0.86, 0.98);
    let at = (dice.range(-0.03, 0.03), ground - 0.08);
    canvas.place(at, size, 0.0);
    shadow(canvas, (0.03, 0.185), 0.52, 0.035, 0.8);
    canvas.place(at, size, dice.range(-2.0, 2.0));
    if dice.chance(0.5) {
        canvas.mirror();
    }
    let colour = under(hour, hsl(dice.range(0.0, 360.0), dice.range(0.5, 0.9), dice.range(0.35, 0.6)));
    let rubber = under(hour, dice.pick(&[[0.12, 0.12, 0.13], [0.12, 0.12, 0.13], [0.85, 0.80, 0.70]]));
    for hub in [REAR, FRONT] {
        wheel(canvas, dice, hour, hub, rubber);
    }
    frame(canvas, dice, hour, colour);
    canvas.unplace();
}

fn background(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, number: usize, ground: f32) {
    let seed = dice.seed();
    let paint = hsl(dice.range(0.0, 360.0), dice.range(0.1, 0.5), dice.range(0.35, 0.85));
    match number % 3 {
        0 => canvas.cover(|at| under(hour, bricks(at, 0.06, paint, mix(paint, WHITE, 0.5), seed))),
        1 => canvas.cover(|(x, y)| under(hour, lit(paint, 0.75 + 0.3 * rough(x * 7.0, y * 7.0, 5, seed) - 0.2 * y))),
        _ => {
            sky(canvas, dice, hour, ground - 0.1);
            let grass = hsl(dice.range(60.0, 130.0), 0.4, 0.4);
            meadow(canvas, dice, hour, ground - 0.1, grass);
        }
    }
    let across = dice.range(0.1, 0.9);
    let stone = dice.pick(&[[0.62, 0.60, 0.57], [0.42, 0.43, 0.46], [0.74, 0.66, 0.55]]);
    canvas.shade(rect((-1.0, ground), 2.0, 1.0), |(x, y)| {
        let near = y - ground + 0.12;
        let joint = ((x / near * 0.5 + across).rem_euclid(1.0) < 0.02) || ((0.6 / near).rem_euclid(1.0) < 0.06);
        let tone = 0.72 + 0.4 * rough(x * 50.0, y * 90.0, 3, seed) + 0.2 * noise(x * 4.0, y * 9.0, seed);
        under(hour, lit(stone, if joint { tone * 0.75 } else { tone }))
    });
}

fn wheel(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, hub: Point, rubber: Rgb) {
    let steel = under(hour, [0.82, 0.84, 0.87]);
    canvas.stroke(circle(hub, 0.192), 0.026, rubber);
    canvas.stroke(circle(hub, 0.197), 0.006, Ink::Flat(mix(rubber, WHITE, 0.4), 0.6));
    canvas.stroke(circle(hub, 0.172), 0.012, steel);
    let operation = dice.range(0.0, 20.0);
    for spoke in 0..20_u8 {
        let degrees = f32::from(spoke) * 18.0 + operation;
        let crossing = if spoke % 2 == 0 { 62.0 } else { -62.0 };
        let ends = [around(hub, 0.016, degrees + crossing), around(hub, 0.170, degrees)];
        canvas.stroke(line(&ends), 0.0042, Ink::Flat(lit(steel, if spoke % 2 == 0 { 1.0 } else { 0.75 }), 0.9));
    }
    canvas.fill(circle(hub, 0.02), lit(steel, 0.6));
}

fn frame(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, colour: Rgb) {
    let steel = under(hour, [0.80, 0.82, 0.85]);
    let tube = |canvas: &mut Canvas, from: Point, to: Point, width: f32| {
        canvas.stroke(line(&[from, to]), width, lit(colour, 0.62));
        let up = |point: Point| (point.0 - 0.002, point.1 - 0.004);
        canvas.stroke(line(&[up(from), up(to)]), width * 0.6, colour);
        canvas.stroke(line(&[up(from), up(to)]), width * 0.2, mix(colour, WHITE, 0.55));
    };
    for guard in [REAR, FRONT] {
        let rim: Vec<Point> = (0..9).map(|step| around(guard, 0.222, -75.0 + f32::from(step as u8) * 17.0)).collect();
        canvas.stroke(line(&rim), 0.011, lit(colour, 0.8));
    }
    tube(canvas, REAR, CRANK, 0.016);
    tube(canvas, REAR, (SADDLE.0 + 0.02, SADDLE.1 + 0.06), 0.015);
    canvas.stroke(arc(FRONT, (0.225, -0.12), HEAD), 0.020, lit(colour, 0.75));
    tube(canvas, CRANK, SADDLE, 0.022);
    if dice.chance(0.35) {
        tube(canvas, CRANK, (HEAD.0 + 0.008, HEAD.1 + 0.05), 0.022);
        tube(canvas, (SADDLE.0 + 0.05, SADDLE.1 + 0.16), (HEAD.0, HEAD.1 + 0.02), 0.022);
    } else {
        tube(canvas, CRANK, (HEAD.0 + 0.012, HEAD.1 + 0.06), 0.024);
        tube(canvas, (SADDLE.0 + 0.015, SADDLE.1 + 0.04), (HEAD.0 + 0.002, HEAD.1 + 0.02), 0.022);
    }
    canvas.stroke(line(&[(HEAD.0 + 0.01, HEAD.1 + 0.06), (HEAD.0 - 0.015, HEAD.1 - 0.09)]), 0.018, lit(steel, 0.8));
    let bar = [(HEAD.0 - 0.015, HEAD.1 - 0.09), (HEAD.0 + 0.055, HEAD.1 - 0.115), (HEAD.0 + 0.03, HEAD.1 - 0.05)];
    canvas.stroke(line(&bar), 0.014, steel);
    canvas.stroke(line(&[(HEAD.0 - 0.075, HEAD.1 - 0.075), bar[0]]), 0.02, under(hour, [0.25, 0.15, 0.10]));
    let leather = under(hour, dice.pick(&[[0.12, 0.11, 0.11], [0.46, 0.27, 0.14], [0.30, 0.18, 0.11]]));
    let seat = [(-0.215, -0.305), (-0.13, -0.300), (-0.04, -0.292), (-0.09, -0.275), (-0.16, -0.255), (-0.21, -0.27)];
    canvas.stroke(line(&[SADDLE, (SADDLE.0 - 0.012, SADDLE.1 - 0.035)]), 0.012, steel);
    canvas.shade(smooth(&seat), |(_, y)| lit(leather, 1.7 - 1.2 * smoothstep(-0.31, -0.26, y)));
    canvas.stroke(circle(CRANK, 0.040), 0.010, lit(steel, 0.7));
    canvas.stroke(line(&[(CRANK.0, CRANK.1 - 0.04), (REAR.0, REAR.1 - 0.018)]), 0.005, lit(steel, 0.35));
    canvas.stroke(line(&[(CRANK.0, CRANK.1 + 0.04), (REAR.0, REAR.1 + 0.018)]), 0.005, lit(steel, 0.35));
    let operation = dice.range(0.0, 360.0);
    for half in [0.0, 180.0] {
        let pedal = around(CRANK, 0.075, operation + half);
        canvas.stroke(line(&[CRANK, pedal]), 0.012, lit(steel, 0.9));
        canvas.fill(rect((pedal.0 - 0.028, pedal.1 - 0.008), 0.056, 0.016), under(hour, [0.1, 0.1, 0.1]));
    }
}
