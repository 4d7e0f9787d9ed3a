//! The direction and the distance from which a 3D map is seen.

/// The direction and the distance from which a 3D map is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewpoint {
    /// The rotation about the vertical axis, in radians.
    pub yaw: f32,
    /// The tilt, in radians: 0 looks from the side, positive values from above.
    pub pitch: f32,
    /// The magnification; at 1 the whole map fits in any rotation.
    pub zoom: f32,
}

impl Default for Viewpoint {
    /// From the side, a little from above.
    fn default() -> Self {
        Self { yaw: 0.6, pitch: 0.4, zoom: 1.0 }
    }
}

impl Viewpoint {
    /// Rotated by `yaw` and `pitch`, in radians; the tilt stops at straight above and straight below.
    #[must_use]
    pub fn turned(self, yaw: f32, pitch: f32) -> Self {
        let limit = std::f32::consts::FRAC_PI_2;
        Self { yaw: (self.yaw + yaw) % std::f32::consts::TAU, pitch: (self.pitch + pitch).clamp(-limit, limit), ..self }
    }

    /// Magnified by `factor`; the zoom stays between 0.5 and 8.
    #[must_use]
    pub fn nearer(self, factor: f32) -> Self {
        Self { zoom: (self.zoom * factor).clamp(0.5, 8.0), ..self }
    }

    /// A place in the cube from -1 to 1, rotated into view: right, up, and towards the eye. Lengths do not change.
    pub fn rotate(self, [x, y, z]: [f32; 3]) -> [f32; 3] {
        let (sin_yaw, cos_yaw) = self.yaw.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch.sin_cos();
        let (right, back) = (x * cos_yaw - y * sin_yaw, x * sin_yaw + y * cos_yaw);
        [right, z * cos_pitch + back * sin_pitch, z * sin_pitch - back * cos_pitch]
    }
}
