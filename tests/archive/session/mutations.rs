//! Randomly mutated session files, which must do no harm.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shoal::archive::session::Session;
use shoal::archive::{match_session, read_session};
use shoal::collection::Collection;
use shoal::error::Coded;

use super::{PATHS, arrangement, collection, restored, written, written_as_table};

/// A change of a file.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        (place(), prop_oneof![prop::sample::select(br#"{}[],:"'0-9e\n"#.to_vec()), any::<u8>()])
            .prop_map(|(place, byte)| Mutation::Replace(place, byte)),
        (place(), 1_usize..40).prop_map(|(place, length)| Mutation::Remove(place, length)),
        (place(), 1_usize..400).prop_map(|(place, length)| Mutation::Repeat(place, length)),
        place().prop_map(Mutation::Cut),
    ]
}

fn mutate(file: &mut Vec<u8>, mutation: Mutation) {
    if file.is_empty() {
        return;
    }
    let length = file.len();
    let part = |place: prop::sample::Index, size: usize| {
        let start = place.index(length);
        start..length.min(start + size)
    };
    match mutation {
        Mutation::Replace(place, byte) => file[place.index(length)] = byte,
        Mutation::Remove(place, size) => drop(file.drain(part(place, size))),
        Mutation::Repeat(place, size) => {
            let range = part(place, size);
            let repeated = file[range.clone()].to_vec();
            file.splice(range.end..range.end, repeated);
        }
        Mutation::Cut(place) => file.truncate(place.index(length)),
    }
}

/// Checks a session's invariants, and that it can be restored.
fn check(session: &Session, collection: &Collection) {
    let ids: BTreeSet<u32> = session.clusters.iter().map(|cluster| cluster.id).collect();
    let paths: BTreeSet<&str> = session.items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!((ids.len(), paths.len()), (session.clusters.len(), session.items.len()));
    assert!(session.items.iter().all(|item| item.cluster.is_none_or(|id| ids.contains(&id))));
    assert!(session.parameters.as_ref().is_none_or(|parameters| parameters.k == ids.len()));
    let matched = match_session(session, collection);
    let placed: usize = matched.clusters.iter().map(|cluster| cluster.images.len()).sum();
    assert!(placed + matched.unmentioned.len() <= collection.len());
    if !ids.is_empty() {
        restored(session, collection);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_mutated_file_does_harm(table in any::<bool>(), mutations in prop::collection::vec(any_mutation(), 1..4)) {
        let (collection, arrangement) = (collection(&PATHS), arrangement());
        let write = if table { written_as_table } else { written };
        let mut file = write(&arrangement, &collection);
        mutations.into_iter().for_each(|mutation| mutate(&mut file, mutation));
        match read_session(&file) {
            Ok(session) => check(&session, &collection),
            Err(error) => prop_assert!(error.code().starts_with("session-")),
        }
    }

    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), titles in any::<bool>()) {
        let start: &[u8] = if titles { b"path,cluster\n" } else { b"" };
        if let Ok(session) = read_session(&[start, &bytes].concat()) {
            check(&session, &Collection::new());
        }
    }
}
