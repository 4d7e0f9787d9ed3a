//! The legend of an exported map: each cluster's mark and name, to the right of the plot.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::Text;
use plotters::prelude::DrawingBackend;
use plotters::style::IntoFont;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::chart::Drawn;
use super::mark::{Mark, MarkStyle};
use super::palette::{Marker, Theme, colour, looks_of, marker};
use super::style::PlotStyle;
use super::svg::text_width_px;
use crate::collection::Clustering;

/// The legend's share of the chart's width.
const WIDTH_SHARE: f64 = 0.22;
/// The height of a row, as a multiple of the text's.
const ROW_EM: f64 = 1.6;
/// The radius of a mark, in CSS pixels.
const RADIUS_PX: f64 = 4.0;
/// The label of images in no cluster.
const UNASSIGNED: &str = "Not sorted";

/// The part of a chart of `size_px` that the legend leaves to the plot, in pixels from the left.
pub fn plot_size_px((width_px, height_px): (u32, u32)) -> (u32, u32) {
    ((f64::from(width_px) * (1.0 - WIDTH_SHARE)).round() as u32, height_px)
}

/// Draws the legend of `clustering` at the right edge of `area`. Returns the rest, for the plot.
///
/// # Errors
/// The drawing backend's errors.
pub fn split_off_legend<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    clustering: &Clustering,
    style: &PlotStyle,
) -> Result<DrawingArea<DB, Shift>, DrawingAreaErrorKind<DB::ErrorType>> {
    let (plot, legend) = area.split_horizontally(plot_size_px(area.dim_in_pixel()).0);
    legend.fill(&style.background)?;
    draw_legend(&legend, clustering, style)?;
    Ok(plot)
}

/// Draws a row for each cluster of `clustering` on the whole of `area`, and one for unassigned images if there are any. Where they
/// do not all fit, the last row says how many are missing. Long names are cut.
fn draw_legend<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    clustering: &Clustering,
    style: &PlotStyle,
) -> Drawn<DB> {
    let (looks, theme) = (looks_of(clustering), Theme::on(style.background));
    let radius_px = style.stroke_px(RADIUS_PX) as i32;
    let mut rows: Vec<(MarkStyle, &str)> = clustering
        .clusters
        .iter()
        .filter_map(|cluster| {
            let look = *looks.get(&cluster.id)?;
            let mark = MarkStyle { marker: marker(look), radius_px, colour: colour(look, theme), is_filled: true };
            Some((mark, cluster.name.as_str()))
        })
        .collect();
    if clustering.items.iter().any(|item| item.cluster.is_none()) {
        rows.push((MarkStyle { marker: Marker::Circle, radius_px, colour: style.muted, is_filled: false }, UNASSIGNED));
    }
    let (width_px, height_px) = area.dim_in_pixel();
    let (font_px, margin_px) = (style.font_size_px(), f64::from(style.margin_px()));
    let text_left_px = margin_px + 4.0 * f64::from(radius_px);
    let text_px = f64::from(width_px) - text_left_px - margin_px;
    let fitting = ((f64::from(height_px) - 2.0 * margin_px) / (ROW_EM * font_px)) as usize;
    let shown = if rows.len() <= fitting { rows.len() } else { fitting.saturating_sub(1) };
    let centre_px = |row: usize| (margin_px + (row as f64 + 0.5) * ROW_EM * font_px).round() as i32;
    let write = |row: usize, words: &str| {
        let letters = ("sans-serif", font_px).into_font().color(&style.foreground);
        let letters = letters.pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(cut(words, text_px, font_px), (text_left_px.round() as i32, centre_px(row)), letters))
    };
    for (row, (mark, name)) in rows.iter().take(shown).enumerate() {
        let centre_px = ((margin_px + 2.0 * f64::from(radius_px)).round() as i32, centre_px(row));
        Mark { index: row, centre_px, style: *mark }.draw(area, style)?;
        write(row, name)?;
    }
    if shown < rows.len() && fitting > 0 {
        write(shown, &format!("and {} more", rows.len() - shown))?;
    }
    Ok(())
}

/// `words`, cut so that they take up to `width_px` at this text height.
fn cut(words: &str, width_px: f64, font_px: f64) -> String {
    if text_width_px(words, font_px) <= width_px {
        return words.to_owned();
    }
    let mut kept = String::new();
    for character in words.chars() {
        kept.push(character);
        if text_width_px(&kept, font_px) + text_width_px("…", font_px) > width_px {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}
