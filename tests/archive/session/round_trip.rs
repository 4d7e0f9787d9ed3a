//! Sessions and tables that are saved and read back.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use shoal::archive::{match_session, read_session};
use shoal::collection::ImageId;
use shoal::collection::arrangement::{Edit, NameOrigin, Restored};
use shoal::options::{ClusterMethod, Recipe};

use super::*;

#[test]
fn a_session_restores_the_arrangement_and_the_parameters() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let session = read_session(&written(&arrangement, &collection)).unwrap();
    let matched = match_session(&session, &collection);
    assert_eq!((matched.missing, matched.changed, matched.unmentioned), (vec![], vec![], vec![]));
    let restored = restored(&session, &collection);
    assert_eq!(state(&restored), state(&arrangement));
    assert_eq!(restored.pinned(), arrangement.pinned());
    assert_eq!(excluded(&restored), excluded(&arrangement));

    let parameters = session.parameters.unwrap();
    let clustering = clustering(&arrangement, &collection);
    assert_eq!((parameters.k, parameters.seed), (3, u32::MAX));
    assert_eq!((parameters.recipe, parameters.method), (Recipe::Umap, ClusterMethod::Ward));
    assert_eq!((parameters.curve, parameters.proposals), (clustering.curve, clustering.proposals));
    assert_eq!(session.items[8].byte_size, Some((5 << 30) + 8));
    assert_eq!(session.items[8].sha256, Some([8; 32]));
}

#[test]
fn a_table_restores_clusters_with_their_ids_and_names() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let table = written_as_table(&arrangement, &collection);
    let with_mark = [b"\xef\xbb\xbf", table.as_slice()].concat();
    // Only the lines' own endings change, not the line break within a path.
    let lines = String::from_utf8(table.clone()).unwrap().replace(",0.5\r\n", ",0.5\n").replace("pca_3\r\n", "pca_3\n");
    for bytes in [table.as_slice(), &with_mark, lines.as_bytes(), lines.trim_end().as_bytes()] {
        let session = read_session(bytes).unwrap();
        assert!(session.parameters.is_none() && session.items.iter().map(|item| item.path.as_str()).eq(PATHS));
        assert_eq!(state(&restored(&session, &collection)), state_in_table(&arrangement));
    }
}

/// Nine images in clusters of any ids and names, pinned or not.
fn any_restoration() -> impl Strategy<Value = Edit> {
    let cluster = (0_u32..20, "[-='a\", \r\n]{0,5}x", 0..3, any::<bool>());
    (prop::collection::vec(cluster, 1..5), prop::collection::vec(0_usize..6, 9), prop::collection::vec(0_u32..9, 0..5))
        .prop_map(|(clusters, places, pinned)| {
            let mut ids = BTreeSet::new();
            let mut clusters: Vec<Restored> = clusters
                .into_iter()
                .filter(|(id, ..)| ids.insert(*id))
                .map(|(id, name, origin, locked)| {
                    let (name, origin) = match origin {
                        0 => (format!("Group {}", id + 1), NameOrigin::Default),
                        1 => (name, NameOrigin::Suggested),
                        _ => (name, NameOrigin::Given),
                    };
                    Restored { id, name, origin, locked, images: vec![] }
                })
                .collect();
            for (image, place) in (0..).zip(places) {
                if let Some(cluster) = clusters.get_mut(place) {
                    cluster.images.push(ImageId(image));
                }
            }
            Edit::Restore { clusters, pinned: images(pinned) }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn every_saved_session_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let session = read_session(&written(&arrangement, &collection)).unwrap();
        prop_assert_eq!(state(&restored(&session, &collection)), state(&arrangement));
    }

    #[test]
    fn every_saved_table_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let names: BTreeSet<&str> = arrangement.clusters().map(|cluster| cluster.name.as_str()).collect();
        prop_assume!(names.len() == arrangement.clusters().count());
        let session = read_session(&written_as_table(&arrangement, &collection)).unwrap();
        let mut expected = state_in_table(&arrangement);
        // A table has no empty clusters.
        expected["clusters"].as_array_mut().unwrap().retain(|cluster| cluster["pictures"] != json!([]));
        if !session.clusters.is_empty() {
            prop_assert_eq!(state(&restored(&session, &collection)), expected);
        }
    }

    #[test]
    fn undoing_a_restoration_brings_back_the_previous_state(first in any_restoration(), second in any_restoration()) {
        let mut arrangement = arrangement();
        arrangement.apply(first).unwrap();
        let before = state(&arrangement);
        arrangement.apply(second).unwrap();
        let after = state(&arrangement);
        if after != before {
            prop_assert!(arrangement.undo());
            prop_assert_eq!(state(&arrangement), before);
            prop_assert!(arrangement.redo());
            prop_assert_eq!(state(&arrangement), after);
        }
    }
}
