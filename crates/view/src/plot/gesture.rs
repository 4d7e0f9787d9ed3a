//! Pointer gestures on a map: click, drag, pinch. All points are in CSS pixels from the map's top left.

/// A pressed pointer that moves this far starts a drag, in CSS pixels.
const DRAG_MIN_PX: f64 = 4.0;
/// The least distance between two points of a lasso, in CSS pixels.
const LASSO_STEP_PX: f64 = 2.0;

/// A point in CSS pixels from the map's top left.
pub type Point = (f64, f64);

/// The effect of a drag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drag {
    /// Selects in a rectangle.
    Box,
    /// Selects in a loop drawn by hand.
    Lasso,
    /// Pans or rotates the map.
    Move,
    /// None: the page scrolls.
    Nothing,
}

/// What the map does while a pointer moves.
#[derive(Clone, Debug, PartialEq)]
pub enum GestureUpdate {
    /// Nothing.
    Nothing,
    /// Shows the outline of a rectangle or lasso.
    Outline(Vec<Point>),
    /// Moves by a distance to the right and down.
    Move(f64, f64),
    /// Moves by a distance to the right and down (`by`), then zooms about a point.
    Pinch { factor: f64, about: Point, by: (f64, f64) },
}

/// What a finished gesture selects.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// Nothing: the gesture moved the map or was interrupted.
    Nothing,
    /// The image at a point.
    Click(Point),
    /// The images in a rectangle, by two opposite corners.
    Box(Point, Point),
    /// The images in a polygon, by its corners.
    Lasso(Vec<Point>),
}

/// The state machine of the pressed pointers.
#[derive(Default)]
pub struct Gesture {
    pressed: Vec<(i32, Point)>,
    drag: Option<Drag>,
    path: Vec<Point>,
    is_drag: bool,
}

impl Gesture {
    /// Whether a pointer is pressed.
    pub fn is_active(&self) -> bool {
        !self.pressed.is_empty()
    }

    /// A pointer is pressed. A second one turns the gesture into a pinch.
    pub fn on_down(&mut self, pointer: i32, point: Point, drag: Drag) {
        self.pressed.retain(|(known, _)| *known != pointer);
        self.pressed.push((pointer, point));
        if self.pressed.len() == 1 {
            self.drag = Some(drag);
            self.is_drag = false;
            self.path = vec![point];
        } else {
            self.drag = None;
        }
    }

    /// A pointer moves.
    pub fn on_move(&mut self, pointer: i32, point: Point) -> GestureUpdate {
        let Some(index) = self.pressed.iter().position(|(known, _)| *known == pointer) else {
            return GestureUpdate::Nothing;
        };
        let before = self.pressed[index].1;
        self.pressed[index].1 = point;
        if let [(_, first), (_, second)] = self.pressed[..] {
            let still = if index == 0 { second } else { first };
            let (apart, was_apart) = (distance(point, still), distance(before, still));
            return GestureUpdate::Pinch {
                factor: if was_apart > 0.0 { apart / was_apart } else { 1.0 },
                about: (f64::midpoint(first.0, second.0), f64::midpoint(first.1, second.1)),
                by: ((point.0 - before.0) / 2.0, (point.1 - before.1) / 2.0),
            };
        }
        let (Some(drag), Some(&start)) = (self.drag, self.path.first()) else { return GestureUpdate::Nothing };
        let starts_drag = !self.is_drag && distance(start, point) >= DRAG_MIN_PX;
        self.is_drag |= starts_drag;
        match drag {
            _ if !self.is_drag => GestureUpdate::Nothing,
            Drag::Nothing => GestureUpdate::Nothing,
            // The first move includes the distance before the drag started.
            Drag::Move if starts_drag => GestureUpdate::Move(point.0 - start.0, point.1 - start.1),
            Drag::Move => GestureUpdate::Move(point.0 - before.0, point.1 - before.1),
            Drag::Box => {
                self.path.truncate(1);
                self.path.push(point);
                GestureUpdate::Outline(vec![start, (point.0, start.1), point, (start.0, point.1)])
            }
            Drag::Lasso => {
                if self.path.last().is_none_or(|&last| distance(last, point) >= LASSO_STEP_PX) {
                    self.path.push(point);
                }
                GestureUpdate::Outline(self.path.clone())
            }
        }
    }

    /// A pointer is released.
    pub fn on_up(&mut self, pointer: i32) -> Region {
        let Some(index) = self.pressed.iter().position(|(known, _)| *known == pointer) else { return Region::Nothing };
        self.pressed.remove(index);
        let path = std::mem::take(&mut self.path);
        match (self.drag.take(), &path[..]) {
            (Some(_), &[point, ..]) if !self.is_drag => Region::Click(point),
            (Some(Drag::Box), &[from, to]) => Region::Box(from, to),
            (Some(Drag::Lasso), [_, _, _, ..]) => Region::Lasso(path),
            _ => Region::Nothing,
        }
    }

    /// The browser takes over the pointers, for instance to scroll.
    pub fn cancel(&mut self) {
        *self = Self::default();
    }
}

fn distance(from: Point, to: Point) -> f64 {
    (from.0 - to.0).hypot(from.1 - to.1)
}
