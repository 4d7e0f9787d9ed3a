//! The contact sheet: a row of sample pictures of each cluster. Laid out here, drawn as SVG here or on a canvas elsewhere.

use std::fmt::Write;

use super::palette::{Theme, colour, css_colour};
use super::svg::text_width_px;
use crate::collection::Clustering;
use crate::escape::{element, escaped};

/// The sheet's width, in pixels.
const WIDTH_PX: u32 = 1200;
/// What is left free around everything, in pixels.
const MARGIN_PX: u32 = 32;
/// The side of a sample picture, and what is free between two, in pixels.
const TILE_PX: u32 = 87;
const GAP_PX: u32 = 8;
/// The height of a row: its heading, its pictures, and what is free below.
const ROW_PX: u32 = 30 + TILE_PX + 26;
const TITLE_PX: u32 = 56;
/// The most characters of a name that have room in a heading.
const NAME_CHARS_MAX: usize = 60;

/// The sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactSheet {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Its words, in the order of drawing.
    pub words: Vec<SheetWords>,
    /// Its sample pictures.
    pub tiles: Vec<SheetTile>,
    /// The clusters' dots: centre in pixels, and colour as style sheets write it.
    pub dots: Vec<(f64, f64, String)>,
}

/// A line of words.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetWords {
    /// Left end in pixels.
    pub x_px: f64,
    /// Baseline in pixels.
    pub y_px: f64,
    /// Height of the letters, in pixels.
    pub size_px: f64,
    /// Whether they are strong.
    pub bold: bool,
    /// The words.
    pub words: String,
}

/// A square filled by a sample picture, which is cropped to it.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetTile {
    /// The picture's path.
    pub path: String,
    /// Left edge in pixels.
    pub x_px: u32,
    /// Upper edge in pixels.
    pub y_px: u32,
    /// Side in pixels.
    pub side_px: u32,
}

impl ContactSheet {
    /// The sheet of an clustering: a row a cluster, with its name, size, silhouette and representatives.
    pub fn new(clustering: &Clustering) -> Self {
        let mut sheet = Self {
            width_px: WIDTH_PX,
            height_px: 2 * MARGIN_PX + TITLE_PX + ROW_PX * clustering.clusters.len() as u32,
            words: Vec::new(),
            tiles: Vec::new(),
            dots: Vec::new(),
        };
        let title = format!("{} pictures in {} groups", clustering.items.len(), clustering.k);
        sheet.say(MARGIN_PX.into(), MARGIN_PX + 24, 24.0, true, &title);
        let per_row = (WIDTH_PX - 2 * MARGIN_PX + GAP_PX) / (TILE_PX + GAP_PX);
        for (row, group) in (0..).zip(&clustering.clusters) {
            let top = MARGIN_PX + TITLE_PX + row * ROW_PX;
            let dot = css_colour(colour(group.id, Theme::Light));
            sheet.dots.push((f64::from(MARGIN_PX) + 7.0, f64::from(top) + 11.0, dot));
            let name: String = group.name.chars().take(NAME_CHARS_MAX).collect();
            let left = f64::from(MARGIN_PX) + 22.0;
            sheet.say(left, top + 17, 17.0, true, &name);
            let silhouette = group.silhouette.map_or_else(|| "–".into(), |value| format!("{value:.2}"));
            let pictures = if group.size == 1 { "picture" } else { "pictures" };
            let facts = format!("{} {pictures} · silhouette {silhouette}", group.size);
            // Bold letters are wider, and some fonts are wider than others.
            sheet.say(left + 1.35 * text_width_px(&name, 17.0) + 16.0, top + 17, 14.0, false, &facts);
            for (place, path) in (0..per_row).zip(&group.representatives) {
                let x_px = MARGIN_PX + place * (TILE_PX + GAP_PX);
                sheet.tiles.push(SheetTile { path: path.clone(), x_px, y_px: top + 30, side_px: TILE_PX });
            }
        }
        sheet
    }

    fn say(&mut self, x_px: f64, y_px: u32, size_px: f64, bold: bool, words: &str) {
        self.words.push(SheetWords { x_px, y_px: y_px.into(), size_px, bold, words: words.into() });
    }

    /// The sheet as an SVG document; `thumbnail` gives the data: URI of a picture.
    pub fn svg(&self, thumbnail: impl Fn(&str) -> Option<String>) -> String {
        let (width, height) = (self.width_px, self.height_px);
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" fill="#1e2632">
<rect width="{width}" height="{height}" fill="#ffffff"/>"##
        );
        for (x, y, fill) in &self.dots {
            let _ = writeln!(svg, r#"<circle cx="{x}" cy="{y}" r="7" fill="{fill}"/>"#);
        }
        for SheetWords { x_px, y_px, size_px, bold, words } in &self.words {
            let weight = if *bold { "bold" } else { "normal" };
            let place = format!(r#"x="{x_px:.0}" y="{y_px}" font-size="{size_px}" font-weight="{weight}""#);
            element(&mut svg, "text", &place, words);
            svg.push('\n');
        }
        for SheetTile { path, x_px, y_px, side_px } in &self.tiles {
            let _ =
                write!(svg, r##"<rect x="{x_px}" y="{y_px}" width="{side_px}" height="{side_px}" fill="#e8ebef"/>"##);
            if let Some(uri) = thumbnail(path) {
                let _ = write!(
                    svg,
                    r#"<image x="{x_px}" y="{y_px}" width="{side_px}" height="{side_px}" preserveAspectRatio="xMidYMid slice" href="{}">"#,
                    escaped(&uri)
                );
                element(&mut svg, "title", "", path);
                svg.push_str("</image>");
            }
            svg.push('\n');
        }
        svg.push_str("</svg>\n");
        svg
    }
}
