//! The contact sheet: one row of sample images per cluster.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, Rectangle, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont};

use crate::collection::Clustering;
use crate::plot::chart::{Chart, ChartData, ChartImage, ChartInfo, Drawn};
use crate::plot::palette::{Theme, colour, looks_of};
use crate::plot::style::PlotStyle;
use crate::plot::svg::text_width_px;

/// The sheet's width at scale 1, in pixels.
const WIDTH_PX: u32 = 1200;
/// The margin around everything, in pixels.
const MARGIN_PX: u32 = 32;
/// The side of a sample image, and the gap between two, in pixels.
const TILE_PX: u32 = 87;
const GAP_PX: u32 = 8;
/// The height of a row: its heading, its images, and the gap below.
const ROW_PX: u32 = 30 + TILE_PX + 26;
/// The height of the title, in pixels.
const TITLE_PX: u32 = 56;
/// The radius of a cluster's dot, in pixels.
const DOT_RADIUS_PX: f64 = 7.0;
/// The most characters of a cluster's name that a heading shows.
const NAME_CHARS_MAX: usize = 60;
/// The distance of the baseline from the bottom of a line, as a share of the text's height: about what browsers and SVG
/// viewers leave for a font's descent.
const DESCENT: f64 = 0.25;

/// The contact sheet.
pub struct Contact;

impl Chart for Contact {
    const INFO: ChartInfo = ChartInfo {
        label: "Contact sheet",
        caption: "Sample pictures of every group",
        file_stem: "contact-sheet",
        // The report itself shows each group's sample pictures.
        in_report: false,
        has_section: false,
    };

    fn size_px(data: &ChartData<'_>) -> (u32, u32) {
        (WIDTH_PX, height_px(data.clustering))
    }

    fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, data: &ChartData<'_>, style: &PlotStyle) -> Drawn<DB> {
        area.fill(&style.background)?;
        let sheet = ContactSheet::new(data.clustering);
        let scale = f64::from(area.dim_in_pixel().0) / f64::from(sheet.width_px);
        let px = |length: f64| (length * scale).round() as i32;
        let theme = Theme::on(style.background);
        for &(x_px, y_px, look) in &sheet.dots {
            area.draw(&Circle::new((px(x_px), px(y_px)), px(DOT_RADIUS_PX), colour(look, theme).filled()))?;
        }
        for SheetWords { x_px, y_px, size_px, bold, words } in &sheet.words {
            let weight = if *bold { FontStyle::Bold } else { FontStyle::Normal };
            let font = ("sans-serif", size_px * scale, weight).into_font().color(&style.foreground);
            let place = (px(*x_px), px(y_px + DESCENT * size_px));
            area.draw(&Text::new(words.clone(), place, font.pos(Pos::new(HPos::Left, VPos::Bottom))))?;
        }
        for SheetTile { x_px, y_px, side_px, .. } in &sheet.tiles {
            let edge = |px_from_corner: u32| px(px_from_corner.into());
            let corners = [(edge(*x_px), edge(*y_px)), (edge(x_px + side_px), edge(y_px + side_px))];
            area.draw(&Rectangle::new(corners, style.muted.mix(0.3).filled()))?;
        }
        area.present()
    }

    fn images(data: &ChartData<'_>, size_px: (u32, u32)) -> Vec<ChartImage> {
        let sheet = ContactSheet::new(data.clustering);
        let scale = f64::from(size_px.0) / f64::from(sheet.width_px);
        let px = |length: u32| (f64::from(length) * scale).round() as u32;
        sheet
            .tiles
            .into_iter()
            .map(|tile| ChartImage {
                x_px: px(tile.x_px),
                y_px: px(tile.y_px),
                side_px: px(tile.side_px),
                path: tile.path,
            })
            .collect()
    }
}

/// The layout of a contact sheet at scale 1.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactSheet {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// The lines of text.
    pub words: Vec<SheetWords>,
    /// The squares of the sample images.
    pub tiles: Vec<SheetTile>,
    /// The clusters' dots: centre in pixels, and the cluster's look.
    pub dots: Vec<(f64, f64, u32)>,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetWords {
    /// Left end in pixels.
    pub x_px: f64,
    /// Baseline in pixels.
    pub y_px: f64,
    /// Height of the text, in pixels.
    pub size_px: f64,
    /// Whether the text is bold.
    pub bold: bool,
    /// The text.
    pub words: String,
}

/// The square of a sample image.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetTile {
    /// The image's path.
    pub path: String,
    /// Left edge in pixels.
    pub x_px: u32,
    /// Upper edge in pixels.
    pub y_px: u32,
    /// Side in pixels.
    pub side_px: u32,
}

impl ContactSheet {
    /// The sheet of a clustering: one row per cluster, with its name, size, silhouette and representatives.
    pub fn new(clustering: &Clustering) -> Self {
        let mut sheet = Self {
            width_px: WIDTH_PX,
            height_px: height_px(clustering),
            words: Vec::new(),
            tiles: Vec::new(),
            dots: Vec::new(),
        };
        let title = format!("{} pictures in {} groups", clustering.items.len(), clustering.k);
        sheet.write(MARGIN_PX.into(), MARGIN_PX + 24, 24.0, true, &title);
        let per_row = (WIDTH_PX - 2 * MARGIN_PX + GAP_PX) / (TILE_PX + GAP_PX);
        let looks = looks_of(clustering);
        for (row, cluster) in (0..).zip(&clustering.clusters) {
            let look = looks.get(&cluster.id).copied().unwrap_or_default();
            let top = MARGIN_PX + TITLE_PX + row * ROW_PX;
            sheet.dots.push((f64::from(MARGIN_PX) + DOT_RADIUS_PX, f64::from(top) + 11.0, look));
            let name: String = cluster.name.chars().take(NAME_CHARS_MAX).collect();
            let left = f64::from(MARGIN_PX) + 22.0;
            sheet.write(left, top + 17, 17.0, true, &name);
            let silhouette = cluster.silhouette.map_or_else(|| "–".into(), |value| format!("{value:.2}"));
            let pictures = if cluster.size == 1 { "picture" } else { "pictures" };
            let facts = format!("{} {pictures} · silhouette {silhouette}", cluster.size);
            // Bold letters are wider, and some fonts are wider than others.
            sheet.write(left + 1.35 * text_width_px(&name, 17.0) + 16.0, top + 17, 14.0, false, &facts);
            for (column, path) in (0..per_row).zip(&cluster.representatives) {
                let x_px = MARGIN_PX + column * (TILE_PX + GAP_PX);
                sheet.tiles.push(SheetTile { path: path.clone(), x_px, y_px: top + 30, side_px: TILE_PX });
            }
        }
        sheet
    }

    fn write(&mut self, x_px: f64, y_px: u32, size_px: f64, bold: bool, words: &str) {
        self.words.push(SheetWords { x_px, y_px: y_px.into(), size_px, bold, words: words.into() });
    }
}

fn height_px(clustering: &Clustering) -> u32 {
    2 * MARGIN_PX + TITLE_PX + ROW_PX * clustering.clusters.len() as u32
}
