//! A table of labels: `assignments.csv`, perhaps edited in a spreadsheet, or what another program wrote.

use std::collections::{HashMap, HashSet};

use super::SessionError;
use super::bounded::check_count;
use super::check::{check_name, check_path, excerpt};
use super::{Session, SessionAssignment, SessionCluster};
use crate::archive::tables::without_guard;
use crate::collection::arrangement::{NameOrigin, clean_name};
use crate::collection::clustering::default_name;

/// Reads what does not begin like JSON.
pub(super) fn read(bytes: &[u8]) -> Result<Session, SessionError> {
    let mut table = csv::ReaderBuilder::new().from_reader(bytes);
    let titles = table.headers().map_err(|error| SessionError::NotASession(excerpt(error)))?;
    let columns = Columns::find(titles)?;
    // The reader takes a cell whose closing quote is missing; every quote in a whole table has a partner.
    if bytes.iter().filter(|&&byte| byte == b'"').count() % 2 == 1 {
        return Err(SessionError::Damaged("a quote is not closed".into()));
    }
    let mut labels = Labels::default();
    let mut items = Vec::new();
    let mut record = csv::StringRecord::new();
    while table.read_record(&mut record).map_err(|error| SessionError::Damaged(excerpt(error)))? {
        check_count(items.len() + 1, "pictures")?;
        let cell =
            |column: Option<usize>| without_guard(column.and_then(|index| record.get(index)).unwrap_or_default());
        let path = cell(Some(columns.path));
        check_path(path)?;
        let label = cell(columns.name.or(columns.cluster));
        check_name(label)?;
        let number = whole_number(cell(columns.cluster));
        let place = clean_name(label).map(|label| labels.place(label, number, columns.name.is_some()));
        items.push((path.to_owned(), place));
    }
    let clusters = labels.into_clusters();
    let items = items
        .into_iter()
        .map(|(path, place)| SessionAssignment {
            path,
            sha256: None,
            byte_size: None,
            cluster: place.and_then(|place| clusters.get(place)).map(|cluster| cluster.id),
            held: false,
        })
        .collect();
    Ok(Session { grouping: None, clusters, items })
}

/// Where the columns are that are read.
struct Columns {
    path: usize,
    cluster: Option<usize>,
    name: Option<usize>,
}

impl Columns {
    fn find(titles: &csv::StringRecord) -> Result<Self, SessionError> {
        let at = |title: &str| {
            let mut found = titles.iter().enumerate().filter(|(_, text)| text.trim() == title);
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => Err(SessionError::Damaged(format!("two columns are called {title}"))),
                (first, _) => Ok(first.map(|(index, _)| index)),
            }
        };
        match (at("path")?, at("cluster")?, at("cluster_name")?) {
            (Some(path), cluster, name) if cluster.or(name).is_some() => Ok(Self { path, cluster, name }),
            _ => Err(SessionError::NotASession("it has no columns path and cluster_name or cluster".into())),
        }
    }
}

/// The clusters in the order in which they are first named.
#[derive(Default)]
struct Labels {
    places: HashMap<String, usize>,
    found: Vec<Label>,
    taken: HashSet<u32>,
}

struct Label {
    /// `None` for the default one.
    name: Option<String>,
    /// `None` for the lowest that is free.
    id: Option<u32>,
}

impl Labels {
    /// The place of the cluster with this label, which is its name where `is_name` says so or it is no number.
    fn place(&mut self, label: String, number: Option<u32>, is_name: bool) -> usize {
        let next = self.found.len();
        let place = *self.places.entry(label.clone()).or_insert(next);
        if place == next {
            let id = number.filter(|&number| self.taken.insert(number));
            let name = (is_name || number.is_none()).then_some(label);
            self.found.push(Label { name, id });
        }
        place
    }

    fn into_clusters(self) -> Vec<SessionCluster> {
        let taken = self.taken;
        let mut free = (0..u32::MAX).filter(|id| !taken.contains(id));
        let numbered = self.found.into_iter().map_while(|label| {
            let id = label.id.or_else(|| free.next())?;
            let name = label.name.unwrap_or_else(|| default_name(id));
            let origin = if name == default_name(id) { NameOrigin::Default } else { NameOrigin::Given };
            Some(SessionCluster { id, name, origin, locked: false })
        });
        numbered.collect()
    }
}

/// An id, where a cell has one.
fn whole_number(cell: &str) -> Option<u32> {
    cell.trim().parse().ok().filter(|&id| id < u32::MAX)
}
