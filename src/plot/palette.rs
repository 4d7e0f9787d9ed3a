//! The clusters' colours and markers.
//!
//! Each theme's list begins with a blue and an orange of Okabe and Ito ("Color Universal Design", 2008) and was extended
//! by Petroff's method (arXiv:2107.02270): every further colour is as far as possible from those before it, where distance
//! is the least in Oklab over full colour vision and the three dichromacies as simulated by Machado, Oliveira and
//! Fernandes (2009). All have a contrast of at least 3 to their theme's background (WCAG 2.2, 1.4.11). A single list for both
//! themes is impossible: the band of lightness that contrasts with both white and black is too narrow for 20 colours.

use std::collections::{HashMap, HashSet};

use plotters::style::RGBColor;

use crate::collection::Clustering;

/// The page's colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme whose colours stand out on `background`.
    pub fn on(background: RGBColor) -> Self {
        let RGBColor(red, green, blue) = background;
        // Rec. 709's weights on encoded values: a coarse lightness, which suffices to tell light from dark.
        let lightness = 0.2126 * f32::from(red) + 0.7152 * f32::from(green) + 0.0722 * f32::from(blue);
        if lightness > 127.5 { Self::Light } else { Self::Dark }
    }
}

/// A mark's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// The first twenty clusters.
    Circle,
    /// The second twenty.
    Square,
    /// The third.
    Triangle,
    /// The fourth.
    Diamond,
    /// The fifth; after that the markers repeat.
    TriangleDown,
}

/// The number of colours; further clusters repeat them with another marker.
pub const COLOURS: usize = 20;

const LIGHT: [u32; COLOURS] = [
    0x00_72b2, 0xd5_5e00, 0x5a_0000, 0x00_0096, 0x96_2d4b, 0x1e_96ff, 0x3c_00e1, 0x3c_0f5a, 0xc3_7896, 0xa5_5a69,
    0xff_2df0, 0x69_3c87, 0x3c_4b00, 0x78_1e5a, 0xc3_3c2d, 0x69_965a, 0x5a_0fb4, 0xd2_1ed2, 0x87_4b78, 0x96_00ff,
];
const DARK: [u32; COLOURS] = [
    0x56_b4e9, 0xe6_9f00, 0x96_5a3c, 0xc3_ffd2, 0x5a_5ae1, 0xff_e100, 0xe1_3c96, 0x5a_e1ff, 0xa5_d296, 0xa5_873c,
    0x69_87f0, 0xff_69b4, 0xc3_00a5, 0x96_b478, 0xc3_5ac3, 0xf0_c300, 0xa5_f087, 0x78_d2c3, 0x96_ffff, 0xb4_5a69,
];
const MARKERS: [Marker; 5] = [Marker::Circle, Marker::Square, Marker::Triangle, Marker::Diamond, Marker::TriangleDown];

/// The looks of clusters with these ids: numbers for [`colour`] and [`marker`], by id. No two clusters look the same, up to 100
/// clusters, and no two have one colour, up to [`COLOURS`]. A cluster's look is its id unless that would break this rule, so that
/// it rarely changes with the other clusters.
pub fn looks(ids: impl IntoIterator<Item = u32>) -> HashMap<u32, u32> {
    let mut looks = HashMap::new();
    let mut taken = HashSet::new();
    let mut others = Vec::new();
    for id in ids {
        let look = id % COLOURS as u32;
        if taken.insert(look) {
            looks.insert(id, look);
        } else {
            others.push(id);
        }
    }
    let mut free = (0..).filter(|look| !taken.contains(look));
    looks.extend(others.into_iter().map_while(|id| Some((id, free.next()?))));
    looks
}

/// The [`looks`] of a clustering's clusters.
pub fn looks_of(clustering: &Clustering) -> HashMap<u32, u32> {
    looks(clustering.clusters.iter().map(|cluster| cluster.id))
}

/// The colour of the look `look`, one of [`looks`].
pub fn colour(look: u32, theme: Theme) -> RGBColor {
    let list = match theme {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
    };
    let [_, red, green, blue] = list[look as usize % COLOURS].to_be_bytes();
    RGBColor(red, green, blue)
}

/// The marker of the look `look`, one of [`looks`]; looks of the same colour have different markers.
pub fn marker(look: u32) -> Marker {
    MARKERS[look as usize / COLOURS % MARKERS.len()]
}

/// A colour in CSS notation: `#0072b2`.
pub fn css_colour(colour: RGBColor) -> String {
    let RGBColor(red, green, blue) = colour;
    format!("#{red:02x}{green:02x}{blue:02x}")
}
