//! Reading a table of labels: `assignments.csv`, possibly edited in a spreadsheet, or a table of another program.

use std::collections::{HashMap, HashSet};

use super::SessionError;
use super::bounded::check_count;
use super::check::{check_name, check_path, excerpt};
use super::{Session, SessionAssignment, SessionCluster};
use crate::archive::tables::without_guard;
use crate::collection::arrangement::{NameOrigin, clean_name};
use crate::collection::clustering::{default_name, is_default_name};
use crate::collection::duplicates::KeptGroups;

/// Reads a file that does not begin like a JSON object.
pub(super) fn read(bytes: &[u8]) -> Result<Session, SessionError> {
    let mut table = csv::ReaderBuilder::new().from_reader(bytes);
    let titles = table.headers().map_err(|error| SessionError::NotASession(excerpt(error)))?;
    let columns = Columns::find(titles)?;
    // The csv crate accepts an unclosed quote at the end of the file; in a complete table, quotes come in pairs.
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
        let number = cluster_id(cell(columns.cluster));
        let index = clean_name(label).map(|label| labels.index_of(label, number, columns.name.is_some()));
        items.push((path.to_owned(), index));
    }
    let clusters = labels.into_clusters();
    let items = items
        .into_iter()
        .map(|(path, index)| SessionAssignment {
            path,
            sha256: None,
            byte_size: None,
            cluster: index.and_then(|index| clusters.get(index)).map(|cluster| cluster.id),
            pinned: false,
        })
        .collect();
    Ok(Session { parameters: None, clusters, items, kept_duplicates: KeptGroups::default() })
}

/// The indices of the columns that are read.
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
            _ => Err(SessionError::NotASession("it has no columns named path and cluster_name or cluster".into())),
        }
    }
}

/// The clusters in the order of their first occurrence.
#[derive(Default)]
struct Labels {
    indices: HashMap<String, usize>,
    found: Vec<Label>,
    taken_ids: HashSet<u32>,
}

struct Label {
    /// `None` for the default name.
    name: Option<String>,
    /// `None` for the lowest free id.
    id: Option<u32>,
}

impl Labels {
    /// The index of the cluster with this label. The label is the cluster's name if `is_name` or if it is not a number.
    fn index_of(&mut self, label: String, number: Option<u32>, is_name: bool) -> usize {
        let next = self.found.len();
        let index = *self.indices.entry(label.clone()).or_insert(next);
        if index == next {
            let id = number.filter(|&number| self.taken_ids.insert(number));
            let name = (is_name || number.is_none()).then_some(label);
            self.found.push(Label { name, id });
        }
        index
    }

    fn into_clusters(self) -> Vec<SessionCluster> {
        let taken_ids = self.taken_ids;
        let mut free_ids = (0..u32::MAX).filter(|id| !taken_ids.contains(id));
        let numbered = self.found.into_iter().map_while(|label| {
            let id = label.id.or_else(|| free_ids.next())?;
            let name = label.name.unwrap_or_else(|| default_name(id));
            let origin = if is_default_name(&name) { NameOrigin::Default } else { NameOrigin::Given };
            Some(SessionCluster { id, name, origin, locked: false })
        });
        numbered.collect()
    }
}

/// The cluster id in a cell, if there is one.
fn cluster_id(cell: &str) -> Option<u32> {
    cell.trim().parse().ok().filter(|&id| id < u32::MAX)
}
