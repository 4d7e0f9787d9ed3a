//! Charts as SVG.
//!
//! Text is measured with a table of widths: plotters would look for fonts, and in a browser insert a styled element into the
//! document, which a strict content security policy forbids.

use std::collections::HashMap;
use std::fmt::Write;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::prelude::{DrawingBackend, IntoDrawingArea, SVGBackend};
use plotters_backend::text_anchor::Pos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontFamily, FontStyle, FontTransform,
};

use super::chart::ChartImage;
use super::error::PlotError;
use crate::escape::{element, escaped, printable};

/// The factor by which plotters' SVG backend reduces text sizes; its canvas backend does not.
const TEXT_SHRINKS_BY: f64 = 1.24;

type Failed = <SVGBackend<'static> as DrawingBackend>::ErrorType;
type Drawn = Result<(), DrawingErrorKind<Failed>>;

/// plotters' SVG backend with three corrections: text size, text measurement, and rectangles with swapped corners.
pub struct SvgCanvas<'a>(SVGBackend<'a>);

/// An SVG document of `size_px` with the result of `draw`.
///
/// # Errors
/// [`PlotError::Draw`] if drawing fails.
pub fn svg(
    size_px: (u32, u32),
    draw: impl FnOnce(&DrawingArea<SvgCanvas<'_>, Shift>) -> Result<(), DrawingAreaErrorKind<Failed>>,
) -> Result<String, PlotError> {
    let mut document = String::new();
    {
        let area = SvgCanvas(SVGBackend::with_string(&mut document, size_px)).into_drawing_area();
        draw(&area).and_then(|()| area.present()).map_err(|error| PlotError::Draw(error.to_string()))?;
    }
    Ok(document)
}

/// Appends `images` to an SVG document made by [`svg`], each over its square. `thumbnails` has data URIs by path; an image
/// without one is left out.
pub(super) fn add_images(document: &mut String, images: &[ChartImage], thumbnails: &HashMap<String, String>) {
    let end = document.rfind("</svg>").unwrap_or(document.len());
    let closing = document.split_off(end);
    for ChartImage { path, x_px, y_px, side_px } in images {
        let Some(uri) = thumbnails.get(path) else { continue };
        // Writing to a string cannot fail.
        let _ = write!(
            document,
            r#"<image x="{x_px}" y="{y_px}" width="{side_px}" height="{side_px}" preserveAspectRatio="xMidYMid slice" href="{}">"#,
            escaped(uri)
        );
        element(document, "title", "", path);
        document.push_str("</image>\n");
    }
    document.push_str(&closing);
}

/// The approximate width of a text, in pixels, by Helvetica's widths for classes of letters.
pub fn text_width_px(text: &str, size_px: f64) -> f64 {
    let em = |character: char| match character {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | '(' | ')' | '[' | ']' | ' ' => {
            0.28
        }
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.86,
        'A'..='Z' => 0.68,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffff}' | '\u{1f000}'.. => 1.0,
        _ => 0.54,
    };
    text.chars().map(em).sum::<f64>() * size_px
}

impl DrawingBackend for SvgCanvas<'_> {
    type ErrorType = Failed;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        // The sides of an SVG rectangle must not be negative.
        let (left, right) = (from.0.min(to.0), from.0.max(to.0));
        let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
        self.0.draw_rect((left, top), (right, bottom), style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.0.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.0.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.0.fill_polygon(corners, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Drawn {
        self.0.draw_text(&printable(text), &Enlarged(style), pos)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Failed>> {
        Ok((text_width_px(text, style.size()).ceil() as u32, style.size().ceil() as u32))
    }
}

/// A text style that compensates for [`TEXT_SHRINKS_BY`].
struct Enlarged<'a, S>(&'a S);

impl<S: BackendTextStyle> BackendTextStyle for Enlarged<'_, S> {
    type FontError = S::FontError;

    fn color(&self) -> BackendColor {
        self.0.color()
    }

    fn size(&self) -> f64 {
        self.0.size() * TEXT_SHRINKS_BY
    }

    fn transform(&self) -> FontTransform {
        self.0.transform()
    }

    fn style(&self) -> FontStyle {
        self.0.style()
    }

    fn anchor(&self) -> Pos {
        self.0.anchor()
    }

    fn family(&self) -> FontFamily<'_> {
        self.0.family()
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Self::FontError> {
        self.0.layout_box(text)
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        pos: BackendCoord,
        draw: DrawFunc,
    ) -> Result<Result<(), E>, Self::FontError> {
        self.0.draw(text, pos, draw)
    }
}
