//! What pointers do on a map: click, draw a box or a loop, move it, pinch it. All places are in CSS pixels from its top
//! left.

/// So far a pressed pointer moves before it is a drag, in CSS pixels.
const CLICK_PX: f64 = 4.0;
/// Places of a loop are at least so far apart, in CSS pixels.
const LOOP_STEP_PX: f64 = 2.0;

/// A place in CSS pixels from the map's top left.
pub type Place = (f64, f64);

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drag {
    /// Selects in a box.
    Box,
    /// Selects in a loop.
    Lasso,
    /// Moves or turns the map.
    Move,
    /// Nothing: the page scrolls.
    Nothing,
}

/// What the map has to do about a moved pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Nothing yet.
    Nothing,
    /// Show the box or loop, as corners.
    Shape(Vec<Place>),
    /// Move by so much to the right and down.
    Moved(f64, f64),
    /// Enlarge by a factor about a place, having moved it by so much to the right and down.
    Pinched { factor: f64, about: Place, by: (f64, f64) },
}

/// What is meant when a pointer is lifted.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant {
    /// Nothing, or nothing any more.
    Nothing,
    /// A click.
    Click(Place),
    /// A box, by two opposite corners.
    Box(Place, Place),
    /// A loop, by its corners.
    Lasso(Vec<Place>),
}

/// The pointers that are down, and what they do.
#[derive(Default)]
pub struct Gesture {
    down: Vec<(i32, Place)>,
    drag: Option<Drag>,
    path: Vec<Place>,
    is_drag: bool,
}

impl Gesture {
    /// Whether a pointer is down.
    pub fn is_on(&self) -> bool {
        !self.down.is_empty()
    }

    /// A pointer goes down. Two of them pinch, whatever the first began.
    pub fn down(&mut self, pointer: i32, place: Place, drag: Drag) {
        self.down.retain(|(known, _)| *known != pointer);
        self.down.push((pointer, place));
        if self.down.len() == 1 {
            self.drag = Some(drag);
            self.is_drag = false;
            self.path = vec![place];
        } else {
            self.drag = None;
        }
    }

    /// A pointer moves.
    pub fn moved(&mut self, pointer: i32, place: Place) -> Change {
        let Some(at) = self.down.iter().position(|(known, _)| *known == pointer) else { return Change::Nothing };
        let before = self.down[at].1;
        self.down[at].1 = place;
        if let [(_, one), (_, other)] = self.down[..] {
            let still = if at == 0 { other } else { one };
            let (wide, was_wide) = (distance(place, still), distance(before, still));
            return Change::Pinched {
                factor: if was_wide > 0.0 { wide / was_wide } else { 1.0 },
                about: (f64::midpoint(one.0, other.0), f64::midpoint(one.1, other.1)),
                by: ((place.0 - before.0) / 2.0, (place.1 - before.1) / 2.0),
            };
        }
        let (Some(drag), Some(&from)) = (self.drag, self.path.first()) else { return Change::Nothing };
        let began = !self.is_drag && distance(from, place) >= CLICK_PX;
        self.is_drag |= began;
        match drag {
            _ if !self.is_drag => Change::Nothing,
            Drag::Nothing => Change::Nothing,
            // What was moved before it counted as a drag is made up for.
            Drag::Move if began => Change::Moved(place.0 - from.0, place.1 - from.1),
            Drag::Move => Change::Moved(place.0 - before.0, place.1 - before.1),
            Drag::Box => {
                self.path.truncate(1);
                self.path.push(place);
                Change::Shape(vec![from, (place.0, from.1), place, (from.0, place.1)])
            }
            Drag::Lasso => {
                if self.path.last().is_none_or(|&last| distance(last, place) >= LOOP_STEP_PX) {
                    self.path.push(place);
                }
                Change::Shape(self.path.clone())
            }
        }
    }

    /// A pointer is lifted.
    pub fn up(&mut self, pointer: i32) -> Meant {
        let Some(at) = self.down.iter().position(|(known, _)| *known == pointer) else { return Meant::Nothing };
        self.down.remove(at);
        let path = std::mem::take(&mut self.path);
        match (self.drag.take(), &path[..]) {
            (Some(_), &[place, ..]) if !self.is_drag => Meant::Click(place),
            (Some(Drag::Box), &[from, to]) => Meant::Box(from, to),
            (Some(Drag::Lasso), [_, _, _, ..]) => Meant::Lasso(path),
            _ => Meant::Nothing,
        }
    }

    /// The browser takes the pointers for itself.
    pub fn cancel(&mut self) {
        *self = Self::default();
    }
}

fn distance(one: Place, other: Place) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}
