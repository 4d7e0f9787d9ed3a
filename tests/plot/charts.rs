//! The list of charts: names, presentation, and drawing on any backend at any size.

use std::collections::{BTreeSet, HashMap};

use crate::recorder::record;
use shoal::collection::{Assignment, Cluster, Clustering, CurvePoint};
use shoal::error::Coded;
use shoal::plot::{ChartData, ChartKind, ChartView, MapView, PlotStyle, Theme, Viewpoint};

/// Two clusters of two images each, and an unassigned image.
fn clustering() -> Clustering {
    let mut clustering: Clustering = serde_json::from_value(serde_json::json!({
        "k": 2, "seed": 7, "recipe": "spherical", "method": "kmeans", "backend": "cpu", "silhouette": 0.25,
        "inertia": 1.5, "explained": [0.5, 0.25, 0.125], "items": [], "clusters": [],
        "scores": { "daviesBouldin": 0.5, "calinskiHarabasz": 12.5, "sampled": false },
    }))
    .unwrap();
    clustering.items = (0..5_u8)
        .map(|index| Assignment {
            path: format!("{index}.jpg"),
            cluster: (index < 4).then_some(u32::from(index) % 2),
            silhouette: (index < 4).then_some(f32::from(index) / 5.0),
            distance: Some(0.5),
            next_cluster: None,
            locked: false,
            pca: [f32::from(index), f32::from(index * index), -f32::from(index)],
            capture: None,
        })
        .collect();
    let cluster = |id: u32| Cluster {
        id,
        name: format!("Group {id}"),
        suggested: false,
        locked: false,
        size: 2,
        silhouette: Some(0.3),
        representatives: vec![format!("{id}.jpg"), format!("{}.jpg", id + 2)],
    };
    clustering.clusters = vec![cluster(0), cluster(1)];
    clustering.curve = Some((2..5).map(|k| CurvePoint { k, silhouette: Some(0.1 * k as f32) }).collect());
    clustering.proposals = Some(vec![2, 3]);
    clustering
}

#[test]
fn a_charts_name_is_the_same_in_the_api_and_in_json() {
    let names: Vec<&str> = ChartKind::ALL.iter().map(|kind| kind.name()).collect();
    assert!(names.starts_with(&["pca2d", "pca3d", "silhouette", "curve", "contact"]), "{names:?}");
    for &kind in ChartKind::ALL {
        assert_eq!(kind.name().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        assert_eq!(serde_json::from_value::<ChartKind>(kind.name().into()).unwrap(), kind);
    }
}

#[test]
fn an_unknown_name_is_refused_with_all_that_are_known() {
    for name in ["pie", "", "PCA2D", "pca2d "] {
        let error = name.parse::<ChartKind>().unwrap_err();
        assert_eq!((error.code(), error.name, error.value.as_str()), ("bad-option", "kind", name));
        let allowed: Vec<&str> = error.allowed.split(", ").flat_map(|part| part.split(" or ")).collect();
        assert_eq!(allowed, ChartKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>());
    }
}

#[test]
fn every_chart_has_a_label_a_caption_and_a_file_of_its_own() {
    let infos = || ChartKind::ALL.iter().map(|kind| kind.info());
    assert!(infos().all(|info| !info.label.is_empty() && !info.caption.is_empty()));
    let stems: BTreeSet<&str> = infos().map(|info| info.file_stem).collect();
    assert_eq!(stems.len(), ChartKind::ALL.len());
    assert!(
        stems.iter().all(|stem| stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')),
        "{stems:?}"
    );
}

#[test]
fn every_chart_is_drawn_inside_an_area_of_any_size_in_both_themes() {
    let clustering = clustering();
    let data = ChartData::from(&clustering);
    for &kind in ChartKind::ALL {
        kind.check(&data).unwrap();
        let (width_px, height_px) = kind.size_px(&data);
        for scale in [1, 2] {
            for theme in [Theme::Light, Theme::Dark] {
                let size_px = (width_px * scale, height_px * scale);
                let style = PlotStyle::of_page(theme, scale as f32);
                let drawn = record(size_px, |area| kind.draw(area, &data, style).unwrap());
                let name = kind.name();
                assert!(drawn.presented > 0, "{name}");
                assert!(drawn.circles.len() + drawn.polygons.len() + drawn.bars.len() > 1, "{name} shows something");
                let background = PlotStyle::of_page(theme, 1.0).background;
                assert_eq!(drawn.bars[0].2, (background.0, background.1, background.2), "{name} in {theme:?}");
                for ((x, y), ..) in drawn.circles {
                    assert!((0..=size_px.0 as i32).contains(&x) && (0..=size_px.1 as i32).contains(&y), "{name}");
                }
            }
        }
    }
}

#[test]
fn a_chart_needs_what_it_shows() {
    let without_curve = Clustering { curve: None, proposals: None, ..clustering() };
    let data = ChartData::from(&without_curve);
    assert_eq!(ChartKind::Curve.check(&data).unwrap_err().code(), "no-curve");
    assert_eq!(ChartKind::Curve.svg(&data, &HashMap::new()).unwrap_err().code(), "no-curve");
    for kind in [ChartKind::Pca2d, ChartKind::Pca3d, ChartKind::Silhouette, ChartKind::Contact] {
        assert_eq!(kind.check(&data), Ok(()));
    }
}

#[test]
fn the_contact_sheets_images_grow_with_it_and_lie_on_their_tiles() {
    let clustering = clustering();
    let data = ChartData::from(&clustering);
    let (width_px, height_px) = ChartKind::Contact.size_px(&data);
    for (size_px, side_px) in [((width_px, height_px), 87), ((2 * width_px, 2 * height_px), 174)] {
        let images = ChartKind::Contact.images(&data, size_px);
        let paths: Vec<&str> = images.iter().map(|image| image.path.as_str()).collect();
        assert_eq!(paths, ["0.jpg", "2.jpg", "1.jpg", "3.jpg"]);
        let style = PlotStyle::for_export(1.0);
        let drawn = record(size_px, |area| ChartKind::Contact.draw(area, &data, style).unwrap());
        for (image, tile) in images.iter().zip(&drawn.bars[1..]) {
            assert_eq!(image.side_px, side_px);
            assert_eq!((image.x_px as i32, image.y_px as i32), tile.0);
        }
    }
    let thumbnails = HashMap::from([("2.jpg".to_owned(), "data:image/png;base64,AAAA".to_owned())]);
    let document = ChartKind::Contact.svg(&data, &thumbnails).unwrap();
    assert_eq!(document.matches("<image").count(), 1, "an image without a thumbnail is left out");
    assert!(document.ends_with("<title>2.jpg</title></image>\n</svg>\n"), "{document}");
    assert!(ChartKind::Pca2d.images(&data, ChartKind::Pca2d.size_px(&data)).is_empty());
}

/// The number of filled marks of a chart's document, those of the legend included.
fn filled_marks(document: &str) -> usize {
    document.lines().filter(|line| line.starts_with("<circle") && !line.contains(r#"fill="none""#)).count()
}

#[test]
fn a_map_is_drawn_as_it_is_seen() {
    let clustering = clustering();
    let svg = |kind: ChartKind, view: ChartView| {
        kind.svg(&ChartData { clustering: &clustering, view }, &HashMap::new()).unwrap()
    };
    let whole = svg(ChartKind::Pca2d, ChartView::default());
    assert_eq!(filled_marks(&whole), 4 + 2, "four images are in a cluster, and there are two clusters");
    let lower = ChartView { map_view: MapView::default().nearer(2.0, (0.5, 1.0)), ..ChartView::default() };
    assert_eq!(filled_marks(&svg(ChartKind::Pca2d, lower)), 3 + 2, "three of them are in the lower half");
    let rotated = ChartView { viewpoint: Viewpoint::default().turned(1.0, 0.0), ..ChartView::default() };
    assert_ne!(svg(ChartKind::Pca3d, ChartView::default()), svg(ChartKind::Pca3d, rotated));

    let as_images = ChartView { shows_images: true, ..ChartView::default() };
    let data = ChartData { clustering: &clustering, view: as_images };
    let (small, large) = (ChartKind::Pca2d.images(&data, (1200, 900)), ChartKind::Pca2d.images(&data, (2400, 1800)));
    assert_eq!(small.len(), 4, "two of the five would overlap");
    for (small, large) in small.iter().zip(&large) {
        assert_eq!((2 * small.side_px, &small.path), (large.side_px, &large.path));
        assert!(small.x_px + small.side_px < 1200 && small.y_px + small.side_px < 900, "{small:?}");
    }
}

#[test]
fn a_maps_legend_names_its_clusters() {
    let mut clustering = clustering();
    clustering.clusters[0].name = "Boats at the quay of a rather long-winded harbour".into();
    for kind in [ChartKind::Pca2d, ChartKind::Pca3d] {
        let document = kind.svg(&ChartData::from(&clustering), &HashMap::new()).unwrap();
        for name in ["Boats at the quay", "Group 1", "Not sorted"] {
            assert!(document.contains(name), "{} lacks {name}", kind.name());
        }
        assert!(!document.contains("long-winded harbour"), "a long name is cut");
    }
    let cluster = clustering.clusters[1].clone();
    clustering.clusters = (0..100).map(|id| Cluster { id, name: format!("Group {id}"), ..cluster.clone() }).collect();
    let document = ChartKind::Pca2d.svg(&ChartData::from(&clustering), &HashMap::new()).unwrap();
    assert!(document.contains("Group 20") && !document.contains("Group 60"), "as many as fit");
    let missing = document.split("and ").nth(1).and_then(|rest| rest.split(" more").next()).unwrap();
    let named = (0..100).filter(|id| document.contains(&format!("Group {id}\n"))).count();
    assert_eq!(missing.parse::<usize>().unwrap() + named, 101, "unassigned images have a row, too");
}
