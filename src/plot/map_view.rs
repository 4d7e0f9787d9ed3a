//! The visible part of the 2D map.

/// The highest magnification.
const MAX_ZOOM: f64 = 100.0;

/// A part of the map. Positions are shares of the width and height, from 0 to 1, from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapView {
    zoom: f64,
    centre: (f64, f64),
}

impl Default for MapView {
    /// The whole map.
    fn default() -> Self {
        Self { zoom: 1.0, centre: (0.5, 0.5) }
    }
}

impl MapView {
    /// The magnification, from 1 (the whole map) to 100.
    pub fn zoom(self) -> f64 {
        self.zoom
    }

    /// The position on the whole map of a position in this part.
    pub fn on_whole(self, seen: (f64, f64)) -> (f64, f64) {
        (self.centre.0 + (seen.0 - 0.5) / self.zoom, self.centre.1 + (seen.1 - 0.5) / self.zoom)
    }

    /// Magnified by `factor`. The point at the position `about` in this part stays there as far as the map's edges allow.
    #[must_use]
    pub fn nearer(self, factor: f64, about: (f64, f64)) -> Self {
        let zoom = if factor.is_finite() { (self.zoom * factor).clamp(1.0, MAX_ZOOM) } else { self.zoom };
        let fixed = self.on_whole(about);
        Self { zoom, centre: (fixed.0 - (about.0 - 0.5) / zoom, fixed.1 - (about.1 - 0.5) / zoom) }.inside()
    }

    /// With the map moved to the right and down by shares of the visible part, as far as its edges.
    #[must_use]
    pub fn moved(self, right: f64, down: f64) -> Self {
        Self { centre: (self.centre.0 - right / self.zoom, self.centre.1 - down / self.zoom), ..self }.inside()
    }

    /// Moved so that nothing beyond the map is visible.
    fn inside(self) -> Self {
        let half = 0.5 / self.zoom;
        let within = |centre: f64| if centre.is_finite() { centre.clamp(half, 1.0 - half) } else { 0.5 };
        Self { centre: (within(self.centre.0), within(self.centre.1)), ..self }
    }
}
