//! The style of plots, and the labels of their axes.

use plotters::style::RGBColor;

use super::palette::Theme;

/// The height of text on the page's plots, in CSS pixels.
const FONT_PX: f32 = 12.0;
/// How much larger text and marks of an exported chart are than on the page.
const EXPORT_SCALE: f32 = 1.5;

/// Colours, scale and text size of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotStyle {
    /// The colour of text.
    pub foreground: RGBColor,
    /// The background; its lightness selects the theme of the clusters' colours.
    pub background: RGBColor,
    /// The colour of axes, mesh and unassigned images.
    pub muted: RGBColor,
    /// Canvas pixels per CSS pixel.
    pub scale: f32,
    /// Height of text, in CSS pixels.
    pub font_px: f32,
    /// The share of variance, from 0 to 1, that each component explains.
    pub explained: [Option<f32>; 3],
}

impl PlotStyle {
    /// The page's style in `theme`, with `scale` canvas pixels per CSS pixel. The components' shares of variance are unknown.
    pub fn of_page(theme: Theme, scale: f32) -> Self {
        let (foreground, background, muted) = match theme {
            Theme::Dark => (RGBColor(228, 233, 240), RGBColor(24, 29, 37), RGBColor(163, 174, 189)),
            Theme::Light => (RGBColor(30, 38, 50), RGBColor(255, 255, 255), RGBColor(86, 97, 115)),
        };
        Self { foreground, background, muted, scale, font_px: FONT_PX, explained: [None; 3] }
    }

    /// The light style of exported charts, `scale` times as large as [`CHART_PX`](super::CHART_PX).
    pub fn for_export(scale: f32) -> Self {
        Self {
            foreground: RGBColor(30, 38, 50),
            background: RGBColor(255, 255, 255),
            muted: RGBColor(180, 187, 197),
            scale: scale * EXPORT_SCALE,
            font_px: FONT_PX,
            explained: [None; 3],
        }
    }

    /// The scale, limited to a sensible range.
    pub(super) fn safe_scale(&self) -> f64 {
        if self.scale.is_finite() && self.scale > 0.0 { f64::from(self.scale.clamp(0.1, 16.0)) } else { 1.0 }
    }

    /// Height of text, in canvas pixels.
    pub(super) fn font_size_px(&self) -> f64 {
        let font_px = if self.font_px.is_finite() { f64::from(self.font_px.clamp(4.0, 96.0)) } else { 12.0 };
        font_px * self.safe_scale()
    }

    /// The margin around everything, in canvas pixels.
    pub(super) fn margin_px(&self) -> u32 {
        self.stroke_px(8.0)
    }

    /// Width of the area left of the plot and height of the one below it, in canvas pixels.
    pub(super) fn label_areas_px(&self) -> (u32, u32) {
        let tick_px = f64::from(self.tick_px());
        ((4.4 * self.font_size_px() + tick_px).round() as u32, (2.8 * self.font_size_px() + tick_px).round() as u32)
    }

    /// The length of an axis's tick marks, in canvas pixels.
    pub(super) fn tick_px(&self) -> u32 {
        self.stroke_px(4.0)
    }

    /// A length in CSS pixels as whole canvas pixels, at least one.
    pub(super) fn stroke_px(&self, css_px: f64) -> u32 {
        (css_px * self.safe_scale()).round().max(1.0) as u32
    }
}

/// A tick's value with as many digits as distinguish it from the next tick.
pub(super) fn tick_text(value: f64, span: f64) -> String {
    let magnitude = span.log10().floor();
    if !(-4.0..5.0).contains(&magnitude) || value.abs() >= 1e6 {
        return format!("{value:.1e}");
    }
    let digits = (1.0 - magnitude).clamp(0.0, 6.0) as usize;
    // Adding zero turns -0 into 0.
    let rounded = format!("{:.digits$}", value + 0.0);
    if rounded.trim_start_matches('-').chars().all(|character| matches!(character, '0' | '.')) {
        rounded.trim_start_matches('-').to_owned()
    } else {
        rounded
    }
}
