//! The canvas on which sample images are painted.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, Path, Pixmap, Point as SkiaPoint,
    RadialGradient, Shader, SpreadMode, Stroke, Transform,
};

use super::colour::Rgb;
use super::shape::Point;
use super::texture::hash;

/// The JPEG quality: high enough to hide its blocks, low enough for sixty images on a page.
const JPEG_QUALITY: u8 = 90;

/// The filling of a shape. A colour comes with its opacity, from 0 to 1.
pub(super) enum Ink {
    /// One colour.
    Flat(Rgb, f32),
    /// A linear gradient between two points.
    Linear([Point; 2], [(Rgb, f32); 2]),
    /// A radial gradient from the centre of a circle to its rim.
    Radial(Point, f32, [(Rgb, f32); 2]),
}

impl From<Rgb> for Ink {
    fn from(colour: Rgb) -> Self {
        Self::Flat(colour, 1.0)
    }
}

/// An image being drawn. The unit is the shorter side and the origin the centre, unless [`Self::place`] sets others.
pub(super) struct Canvas {
    pixmap: Pixmap,
    whole: Transform,
    transform: Transform,
}

impl Canvas {
    /// An empty canvas.
    pub(super) fn new(width_px: u32, height_px: u32) -> Self {
        let unit_px = width_px.min(height_px) as f32;
        let (x, y) = (width_px as f32 / 2.0, height_px as f32 / 2.0);
        let whole = Transform::from_row(unit_px, 0.0, 0.0, unit_px, x, y);
        let pixmap = Pixmap::new(width_px, height_px).expect("the sizes of the samples are constants above zero");
        Self { pixmap, whole, transform: whole }
    }

    /// Half the width and half the height, in units.
    pub(super) fn half(&self) -> Point {
        (self.whole.tx / self.whole.sx, self.whole.ty / self.whole.sy)
    }

    /// Sets the origin to `centre`, the scale and the rotation in degrees, all relative to the whole canvas.
    pub(super) fn place(&mut self, centre: Point, scale: f32, degrees: f32) {
        let turned = self.whole.pre_translate(centre.0, centre.1).pre_concat(Transform::from_rotate(degrees));
        self.transform = turned.pre_scale(scale, scale);
    }

    /// Mirrors everything drawn after this call, left to right.
    pub(super) fn mirror(&mut self) {
        self.transform = self.transform.pre_scale(-1.0, 1.0);
    }

    /// Resets the origin, the scale and the rotation.
    pub(super) fn unplace(&mut self) {
        self.transform = self.whole;
    }

    /// Fills an outline; one without an area draws nothing.
    pub(super) fn fill(&mut self, path: Option<Path>, ink: impl Into<Ink>) {
        if let (Some(path), Some(paint)) = (path, paint(ink.into())) {
            self.pixmap.fill_path(&path, &paint, FillRule::Winding, self.transform, None);
        }
    }

    /// Draws along an outline.
    pub(super) fn stroke(&mut self, path: Option<Path>, width: f32, ink: impl Into<Ink>) {
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        if let (Some(path), Some(paint)) = (path, paint(ink.into())) {
            self.pixmap.stroke_path(&path, &paint, &stroke, self.transform, None);
        }
    }

    /// Fills an outline with a colour that depends on the position.
    pub(super) fn shade(&mut self, path: Option<Path>, colour: impl Fn(Point) -> Rgb) {
        let Some(mut mask) = Mask::new(self.pixmap.width(), self.pixmap.height()) else { return };
        let Some(path) = path else { return };
        mask.fill_path(&path, FillRule::Winding, true, self.transform);
        self.colour_in(|index| f32::from(mask.data()[index]) / 255.0, colour);
    }

    /// Covers the canvas with a colour that depends on the position.
    pub(super) fn cover(&mut self, colour: impl Fn(Point) -> Rgb) {
        self.colour_in(|_| 1.0, colour);
    }

    fn colour_in(&mut self, opacity: impl Fn(usize) -> f32, colour: impl Fn(Point) -> Rgb) {
        let Some(inverse) = self.transform.invert() else { return };
        let width = self.pixmap.width() as usize;
        for (index, pixel) in self.pixmap.data_mut().as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let share = opacity(index);
            if share == 0.0 {
                continue;
            }
            let mut point = SkiaPoint::from_xy((index % width) as f32 + 0.5, (index / width) as f32 + 0.5);
            inverse.map_point(&mut point);
            let new = colour((point.x, point.y));
            for channel in 0..3 {
                let old = f32::from(pixel[channel]);
                pixel[channel] = (old + (new[channel].clamp(0.0, 1.0) * 255.0 - old) * share + 0.5) as u8;
            }
            pixel[3] = 255;
        }
    }

    /// Darkens the corners, adds grain like a camera's, and encodes the image as a JPEG.
    pub(super) fn develop(mut self, grain: f32, seed: u32) -> Vec<u8> {
        let (width_px, height_px) = (self.pixmap.width(), self.pixmap.height());
        let mut rgb = Vec::with_capacity((width_px * height_px * 3) as usize);
        for (index, pixel) in self.pixmap.data_mut().as_chunks::<4>().0.iter().enumerate() {
            let (x, y) = (index as u32 % width_px, index as u32 / width_px);
            let from_centre = |at: u32, side: u32| (at as f32 / side as f32 - 0.5).powi(2);
            let light = 1.0 - 0.45 * (from_centre(x, width_px) + from_centre(y, height_px));
            let speck = (hash(x as i32, y as i32, seed) - 0.5) * grain * 255.0;
            rgb.extend(pixel[..3].iter().map(|value| (f32::from(*value) * light + speck).round() as u8));
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
            .write_image(&rgb, width_px, height_px, ExtendedColorType::Rgb8)
            .expect("the pixels are a whole picture, and a Vec takes every write");
        jpeg
    }
}

fn paint(ink: Ink) -> Option<Paint<'static>> {
    let point = |at: Point| SkiaPoint::from_xy(at.0, at.1);
    let stops =
        |[from, to]: [(Rgb, f32); 2]| vec![GradientStop::new(0.0, skia(from)), GradientStop::new(1.0, skia(to))];
    let still = Transform::identity();
    let shader = match ink {
        Ink::Flat(colour, opacity) => Shader::SolidColor(skia((colour, opacity))),
        Ink::Linear([from, to], ends) => {
            LinearGradient::new(point(from), point(to), stops(ends), SpreadMode::Pad, still)?
        }
        Ink::Radial(centre, radius, ends) => {
            RadialGradient::new(point(centre), 0.0, point(centre), radius, stops(ends), SpreadMode::Pad, still)?
        }
    };
    Some(Paint { shader, ..Paint::default() })
}

fn skia(([red, green, blue], opacity): (Rgb, f32)) -> Color {
    let unit = |value: f32| value.clamp(0.0, 1.0);
    Color::from_rgba(unit(red), unit(green), unit(blue), unit(opacity)).unwrap_or(Color::BLACK)
}
