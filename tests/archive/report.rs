//! Exports for people: charts as SVG, the contact sheet, the report. Hostile names are escaped.

use std::collections::HashMap;

use shoal::archive::Report;
use shoal::collection::{Assignment, Cluster, Clustering, CurvePoint};
use shoal::error::Coded;
use shoal::plot::{ChartData, ChartKind, ContactSheet, PlotError};

/// A name that tries to break out of every kind of markup.
const HOSTILE: &str =
    "</title></text></style>-->]]><script>alert(1)</script><img src=x onerror='a' x=\"y\">&amp;\u{0}\u{1b}";

fn clustering(name: &str, path: &str) -> Clustering {
    let item = |index: usize| Assignment {
        path: format!("{path}{index}"),
        cluster: (index < 9).then_some(index as u32 % 2),
        silhouette: (index < 9).then_some(index as f32 / 10.0 - 0.2),
        distance: Some(0.5),
        next_cluster: None,
        locked: false,
        pca: [index as f32, (index * index) as f32 / 10.0, -(index as f32)],
        capture: None,
    };
    let cluster = |id: u32, name: &str| Cluster {
        id,
        name: name.into(),
        suggested: false,
        locked: false,
        size: 5,
        silhouette: Some(0.3),
        representatives: vec![format!("{path}{id}"), format!("{path}{}", id + 2)],
    };
    let mut clustering: Clustering = serde_json::from_value(serde_json::json!({
        "k": 2, "seed": 7, "recipe": "umap", "method": "kmeans", "backend": "cpu", "silhouette": 0.25, "inertia": 1.5,
        "explained": [0.5, 0.25, 0.125],
        "scores": {
            "daviesBouldin": 0.5, "calinskiHarabasz": 12.5, "sampled": true, "nmi": 0.75, "ari": 0.5, "accuracy": 0.8,
            "confusion": { "classes": [name, "dogs"], "counts": [[3, 0], [1, 5]], "unsorted": [0, 1] },
        },
        "items": [], "clusters": [],
    }))
    .unwrap();
    clustering.items = (0..10).map(item).collect();
    clustering.clusters = vec![cluster(0, name), cluster(1, "Dogs & cats")];
    clustering.curve = Some((2..6).map(|k| CurvePoint { k, silhouette: Some(0.1 * k as f32) }).collect());
    clustering.proposals = Some(vec![2, 3]);
    clustering
}

const REPORTED: [ChartKind; 4] = [ChartKind::Pca2d, ChartKind::Pca3d, ChartKind::Silhouette, ChartKind::Curve];

fn svg(kind: ChartKind, clustering: &Clustering) -> Result<String, PlotError> {
    kind.svg(&ChartData::from(clustering), &HashMap::new())
}

/// Checks nesting, quoting and entities of an XML document, and returns its elements' names.
fn elements(document: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut rest = document;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "a stray > in {:?}", &rest[..start]);
        for part in rest[..start].split('&').skip(1) {
            let entity = part.split_once(';').expect("an entity ends").0;
            assert!(["amp", "lt", "gt", "quot", "apos", "#39"].contains(&entity), "{entity}");
        }
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        assert!(!tag.contains('<') && tag.matches('"').count().is_multiple_of(2), "{tag}");
        let name = tag.trim_matches('/').split_whitespace().next().unwrap_or_default().to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()), "{tag}");
        } else if !tag.ends_with('/') {
            open.push(name.clone());
            found.push(name);
        } else {
            found.push(name);
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?} left open");
    found
}

#[test]
fn charts_are_svg_with_escaped_names() {
    let harmless = clustering("Cats", "t/");
    let hostile = clustering(HOSTILE, HOSTILE);
    for figure in REPORTED {
        let document = svg(figure, &harmless).unwrap();
        assert!(
            document.starts_with("<svg width=\"1200\" height=\"900\"") && document.ends_with("</svg>\n"),
            "{figure:?}"
        );
        assert!(document.contains("<text"), "{figure:?} has titles");
        assert_eq!(elements(&document), elements(&svg(figure, &hostile).unwrap()), "{figure:?}");
    }
    let dots = elements(&svg(ChartKind::Pca2d, &harmless).unwrap()).iter().filter(|name| *name == "circle").count();
    assert_eq!(dots, 10 + 3, "every image is a point, and the legend has two groups and what is not sorted");
    assert!(svg(ChartKind::Silhouette, &harmless).unwrap().contains("Dogs &amp; cats"));
    assert!(svg(ChartKind::Pca2d, &harmless).unwrap().contains("PC 1 (50 % of variance)"));
}

#[test]
fn a_missing_curve_is_an_error() {
    let without = Clustering { curve: None, ..clustering("Cats", "t/") };
    assert_eq!(svg(ChartKind::Curve, &without).unwrap_err().code(), "no-curve");
    assert!(svg(ChartKind::Pca2d, &without).is_ok());
    assert_eq!("pie".parse::<ChartKind>().unwrap_err().code(), "bad-option");
}

#[test]
fn the_contact_sheet_has_every_cluster_with_its_images() {
    let sheet = ContactSheet::new(&clustering("Cats", "t/"));
    let paths: Vec<&str> = sheet.tiles.iter().map(|tile| tile.path.as_str()).collect();
    assert_eq!(paths, ["t/0", "t/2", "t/1", "t/3"]);
    let words: Vec<&str> = sheet.words.iter().map(|words| words.words.as_str()).collect();
    assert_eq!(
        words,
        [
            "10 pictures in 2 groups",
            "Cats",
            "5 pictures · silhouette 0.30",
            "Dogs & cats",
            "5 pictures · silhouette 0.30"
        ]
    );
    for tile in &sheet.tiles {
        assert!(tile.x_px + tile.side_px <= sheet.width_px && tile.y_px + tile.side_px <= sheet.height_px);
    }
    let contact = |clustering: &Clustering, uri: &str, without: &str| {
        let paths = clustering.items.iter().map(|item| item.path.clone()).filter(|path| path != without);
        let thumbnails = paths.map(|path| (path, uri.to_owned())).collect();
        ChartKind::Contact.svg(&ChartData::from(clustering), &thumbnails).unwrap()
    };
    let document = contact(&clustering("Cats", "t/"), "data:image/jpeg;base64,AAAA", "t/3");
    assert_eq!(elements(&document).iter().filter(|name| *name == "image").count(), 3);

    let hostile = contact(&clustering(HOSTILE, HOSTILE), "data:,\"><script>", "");
    let found = elements(&hostile);
    assert!(found.iter().all(|name| ["svg", "rect", "circle", "text", "image", "title"].contains(&name.as_str())));
}

fn report(clustering: &Clustering, thumbnail: &str) -> String {
    let thumbnails =
        clustering.items.iter().map(|item| (item.path.clone(), thumbnail.to_owned())).collect::<HashMap<_, _>>();
    let charts = REPORTED.iter().map(|figure| (format!("{figure:?}"), svg(*figure, clustering).unwrap())).collect();
    let facts =
        vec![("Seed".into(), clustering.seed.to_string()), ("Network".into(), clustering.clusters[0].name.clone())];
    Report { clustering, created_ms: 1_709_213_863_000.0, facts, charts, thumbnails: &thumbnails }.html()
}

#[test]
fn the_report_is_complete() {
    let html = report(&clustering("Cats", "t/"), "data:image/jpeg;base64,AAAA");
    for words in [
        "<title>10 pictures in 2 groups</title>",
        "2024-02-29 13:37 UTC",
        ">Dogs &amp; cats<",
        "5 pictures · silhouette 0.30",
        "0.250",
        "12.500",
        "80 %",
        "alt=\"t/2\"",
        "<dt>Seed</dt><dd>7</dd>",
        "1 picture in no group.",
        "estimated on a sample",
        "Content-Security-Policy",
        "@media print",
        "prefers-color-scheme: dark",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert_eq!(html.matches("<svg").count(), 2 + REPORTED.len());
    assert_eq!(html.matches("<img").count(), 4);
    assert!(!html.contains("<script") && !html.contains("http://www.w3.org/1999"));
}

#[test]
fn nothing_hostile_becomes_markup_in_the_report() {
    let harmless = report(&clustering("Cats", "t/"), "data:,");
    let hostile = report(&clustering(HOSTILE, HOSTILE), "data:,\"><script>alert(2)</script>");
    assert!(!hostile.contains("<script") && !hostile.contains('\u{0}') && !hostile.contains('\u{1b}'));
    let tags = |html: &str| -> Vec<String> {
        html.split('<').skip(1).map(|tag| tag.split([' ', '>', '\n']).next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(tags(&harmless), tags(&hostile), "the same elements, whatever the names");
}
