//! A house in its garden.

use super::canvas::{Canvas, Ink};
use super::colour::{BLACK, Rgb, WHITE, hsl, lit, mix, smoothstep};
use super::dice::Dice;
use super::garden::{bush, tree};
use super::scenery::{HOURS, Hour, bricks, meadow, shadow, sky, under};
use super::shape::{Point, circle, line, polygon, rect};
use super::texture::{hash, rough};

/// Paints a house.
pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice, number: usize) {
    let hour = HOURS[(number + 4) % HOURS.len()];
    let ground = dice.range(0.20, 0.28);
    sky(canvas, dice, hour, ground);
    let grass = dice.pick(&[
        hsl(95.0, 0.45, 0.42),
        hsl(70.0, 0.45, 0.45),
        [0.93, 0.94, 0.97],
        hsl(120.0, 0.35, 0.35),
        hsl(45.0, 0.5, 0.52),
    ]);
    tree(canvas, dice, hour, (side(number) * 0.47, ground + 0.02), 0.5);
    tree(canvas, dice, hour, (-side(number) * 0.62, ground + 0.01), 0.4);
    meadow(canvas, dice, hour, ground, grass);
    let size = dice.range(0.80, 0.95);
    canvas.place((dice.range(-0.05, 0.05), ground + 0.06), size, 0.0);
    shadow(canvas, (0.04, 0.01), 0.52, 0.05, 0.8);
    front(canvas, dice, hour, number);
    canvas.unplace();
    for _ in 0..4 {
        let beside_the_path = dice.pick(&[-1.0, 1.0]) * dice.range(0.2, canvas.half().0);
        let at = (beside_the_path, ground + dice.range(0.08, 0.16));
        bush(canvas, dice, hour, at);
    }
}

fn side(number: usize) -> f32 {
    if number.is_multiple_of(2) { 1.0 } else { -1.0 }
}

fn front(canvas: &mut Canvas, dice: &mut Dice, hour: Hour, number: usize) {
    let wall = dice.pick(&[
        [0.72, 0.36, 0.27],
        [0.93, 0.89, 0.80],
        [0.86, 0.72, 0.46],
        [0.62, 0.72, 0.78],
        [0.88, 0.66, 0.62],
        [0.70, 0.76, 0.62],
    ]);
    let roof = dice.pick(&[[0.62, 0.24, 0.17], [0.30, 0.32, 0.37], [0.45, 0.30, 0.22], [0.24, 0.36, 0.36]]);
    let trim = under(hour, dice.pick(&[[0.97, 0.96, 0.93], [0.30, 0.20, 0.14], [0.92, 0.90, 0.85]]));
    let seed = dice.seed();
    let (half, eaves) = (dice.range(0.36, 0.43), -dice.range(0.34, 0.42));
    let ridge = eaves - dice.range(0.22, 0.30);
    let chimney = half * dice.pick(&[-0.55, 0.55]);
    canvas.shade(rect((chimney - 0.035, ridge + 0.01), 0.07, 0.2), |at| {
        under(hour, bricks(at, 0.022, [0.60, 0.30, 0.24], [0.75, 0.7, 0.66], seed))
    });
    canvas.fill(rect((chimney - 0.045, ridge), 0.09, 0.018), under(hour, [0.4, 0.36, 0.34]));
    canvas.shade(rect((-half, eaves - 0.02), 2.0 * half, 0.02 - eaves), |(x, y)| {
        let colour = match number % 3 {
            0 => bricks((x, y), 0.026, wall, mix(wall, WHITE, 0.45), seed),
            1 => lit(
                wall,
                if (y * 32.0).rem_euclid(1.0) < 0.16 { 0.72 } else { 0.92 + 0.16 * (y * 32.0).rem_euclid(1.0) },
            ),
            _ => lit(wall, 0.86 + 0.22 * rough(x * 50.0, y * 50.0, 3, seed)),
        };
        under(hour, lit(colour, 1.0 - 0.25 * smoothstep(0.07, 0.0, y - eaves) - 0.2 * smoothstep(-0.08, 0.0, y)))
    });
    let roof_shape = [(-half - 0.07, eaves), (-half * 0.72, ridge), (half * 0.72, ridge), (half + 0.07, eaves)];
    canvas.shade(polygon(&roof_shape), |(x, y)| tiles((x, y), under(hour, roof), seed));
    canvas.stroke(line(&[(-half - 0.07, eaves), (half + 0.07, eaves)]), 0.018, trim);
    let night = hour.light[0] < 0.5;
    let columns = dice.pick(&[[-0.66, 0.66], [-0.62, 0.62]]);
    for share in columns {
        window(canvas, hour, (half * share, eaves * 0.52), (0.062, 0.075), trim, night || dice.chance(0.2));
    }
    dormer(canvas, dice, hour, (eaves, ridge), (wall, trim), night);
    let leaf = hsl(dice.range(0.0, 360.0), 0.5, 0.35);
    door(canvas, hour, eaves, under(hour, leaf), trim);
}

fn tiles((x, y): Point, tile: Rgb, seed: u32) -> Rgb {
    let row = (y * 42.0).floor();
    let along = x * 30.0 + 0.5 * row.rem_euclid(2.0);
    let down = y * 42.0 - row;
    let tone = 0.72 + 0.4 * hash(along.floor() as i32, row as i32, seed) + 0.2 * (1.0 - down);
    let gap = (along - along.floor()) < 0.1 || down > 0.86;
    lit(tile, if gap { tone * 0.62 } else { tone })
}

fn window(canvas: &mut Canvas, hour: Hour, at: Point, (across, down): Point, trim: Rgb, glowing: bool) {
    let corner = (at.0 - across, at.1 - down);
    canvas.fill(rect((corner.0 - 0.016, corner.1 - 0.016), 2.0 * across + 0.032, 2.0 * down + 0.032), trim);
    let panes = if glowing {
        [([1.0, 0.90, 0.55], 1.0), ([0.98, 0.70, 0.28], 1.0)]
    } else {
        [(lit(mix(hour.zenith, BLACK, 0.25), 0.8), 1.0), (under(hour, [0.16, 0.20, 0.25]), 1.0)]
    };
    canvas.fill(rect(corner, 2.0 * across, 2.0 * down), Ink::Linear([corner, (corner.0, at.1 + down)], panes));
    canvas.stroke(line(&[(at.0, corner.1), (at.0, at.1 + down)]), 0.012, trim);
    canvas.stroke(line(&[(corner.0, at.1 - 0.01), (at.0 + across, at.1 - 0.01)]), 0.012, trim);
    canvas.fill(rect((corner.0 - 0.026, at.1 + down + 0.012), 2.0 * across + 0.052, 0.016), lit(trim, 0.8));
}

fn dormer(
    canvas: &mut Canvas,
    dice: &mut Dice,
    hour: Hour,
    (eaves, ridge): (f32, f32),
    (wall, trim): (Rgb, Rgb),
    night: bool,
) {
    let middle = (eaves + ridge) / 2.0;
    let side = dice.pick(&[-0.15, 0.0, 0.15]);
    let gable = [
        (side - 0.085, eaves - 0.02),
        (side - 0.085, middle - 0.02),
        (side, middle - 0.10),
        (side + 0.085, middle - 0.02),
        (side + 0.085, eaves - 0.02),
    ];
    canvas.fill(polygon(&gable), under(hour, lit(wall, 0.92)));
    canvas.stroke(
        line(&[(side - 0.11, middle), (side, middle - 0.105), (side + 0.11, middle)]),
        0.022,
        lit(trim, 0.85),
    );
    window(canvas, hour, (side, middle + 0.035), (0.042, 0.048), trim, night);
}

fn door(canvas: &mut Canvas, hour: Hour, eaves: f32, leaf: Rgb, trim: Rgb) {
    let top = eaves * 0.68;
    canvas.fill(rect((-0.085, top - 0.02), 0.17, 0.02 - top), trim);
    canvas.fill(
        rect((-0.065, top), 0.13, -top),
        Ink::Linear([(0.0, top), (0.0, 0.0)], [(lit(leaf, 1.15), 1.0), (lit(leaf, 0.8), 1.0)]),
    );
    for panel in [0.12, 0.56] {
        canvas.stroke(rect((-0.042, top * (1.0 - panel)), 0.084, -top * 0.32), 0.007, lit(leaf, 0.6));
    }
    canvas.fill(circle((0.045, top * 0.45), 0.009), under(hour, [0.95, 0.82, 0.40]));
    let path = [(-0.075, 0.0), (0.075, 0.0), (0.17, 0.5), (-0.17, 0.5)];
    canvas.shade(polygon(&path), |(x, y)| {
        under(hour, lit([0.74, 0.70, 0.63], 0.7 + 0.5 * rough(x * 30.0, y * 46.0, 2, 5)))
    });
}
