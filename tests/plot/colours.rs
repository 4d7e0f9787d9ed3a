//! The clusters' colours: contrast to the background, and to each other for every kind of colour vision.

use std::collections::{BTreeSet, HashMap};

use plotters::style::RGBColor;
use shoal::plot::{PlotStyle, Theme, colour, css_colour, looks, marker, palette};

/// Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB: none, protan-, deuteran- and tritanopia.
const VISIONS: [[[f64; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
];

fn linear(RGBColor(red, green, blue): RGBColor) -> [f64; 3] {
    [red, green, blue].map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// Björn Ottosson, "A perceptual color space for image processing" (2020).
fn oklab(linear: [f64; 3]) -> [f64; 3] {
    let cones = times(
        [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ],
        linear,
    );
    times(
        [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ],
        cones.map(f64::cbrt),
    )
}

/// The least distance in Oklab, over all kinds of vision, between any two of the first `count` clusters of like marks.
fn least_distance(theme: Theme, count: u32) -> f64 {
    let mut least = f64::INFINITY;
    for vision in VISIONS {
        let seen = |id| oklab(times(vision, linear(colour(id, theme))).map(|value| value.clamp(0.0, 1.0)));
        let pairs = (0..count).flat_map(|a| (0..a).map(move |b| (a, b)));
        for (a, b) in pairs.filter(|&(a, b)| marker(a) == marker(b)) {
            let square: f64 = seen(a).iter().zip(seen(b)).map(|(a, b)| (a - b).powi(2)).sum();
            least = least.min(square.sqrt());
        }
    }
    least
}

#[test]
fn colours_stay_apart_for_every_kind_of_colour_vision() {
    for theme in [Theme::Light, Theme::Dark] {
        // About 0.02 is the least difference that is seen. Beyond twenty colours the marks tell clusters apart.
        for (count, least) in [(4, 0.19), (8, 0.1), (20, 0.06), (100, 0.06)] {
            assert!(least_distance(theme, count) >= least, "{theme:?} {count}: {}", least_distance(theme, count));
        }
    }
}

#[test]
fn colours_stand_out_on_their_background() {
    let luminance = |colour| linear(colour).iter().zip([0.2126, 0.7152, 0.0722]).map(|(a, b)| a * b).sum::<f64>();
    let contrast = |one, other| {
        let (a, b): (f64, f64) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    };
    for theme in [Theme::Light, Theme::Dark] {
        let PlotStyle { foreground, background, muted, .. } = PlotStyle::of_page(theme, 1.0);
        assert_eq!(Theme::on(background), theme);
        for id in 0..palette::COLOURS as u32 {
            let colour = colour(id, theme);
            assert!(contrast(colour, background) >= 3.0, "{theme:?} {}", css_colour(colour));
        }
        assert!(contrast(muted, background) >= 3.0, "{theme:?}: pictures in no group");
        assert!(contrast(foreground, background) >= 4.5, "{theme:?}: text");
    }
    assert_eq!(css_colour(colour(0, Theme::Light)), "#0072b2");
    assert_eq!(colour(23, Theme::Dark), colour(3, Theme::Dark));
}

#[test]
fn up_to_twenty_clusters_have_distinct_colours_whatever_their_ids() {
    let ids = |looks: &HashMap<u32, u32>| looks.keys().copied().collect::<BTreeSet<_>>();
    for clusters in [vec![0, 20, 40, 60], vec![3, 72, 73, 92, 112], (0..20).map(|id| 7 * id).collect(), vec![u32::MAX]]
    {
        let looks = looks(clusters.iter().copied());
        assert_eq!(ids(&looks), clusters.iter().copied().collect());
        let colours: BTreeSet<String> = looks.values().map(|&look| css_colour(colour(look, Theme::Light))).collect();
        assert_eq!(colours.len(), clusters.len(), "{clusters:?}: {looks:?}");
    }
    // Ids from 0 are looks, so that a clustering looks as it is numbered.
    assert!(looks(0..100).iter().all(|(id, look)| id == look));
    let many: BTreeSet<_> = looks((0..100).map(|id| 3 * id + 5)).into_values().collect();
    assert_eq!(many, (0..100).collect(), "a hundred clusters look different");
    assert_eq!(looks([5, 7, 25]), HashMap::from([(5, 5), (7, 7), (25, 0)]));
}
