//! The review of duplicates: what the user keeps of each group, before anything is set aside.

use std::collections::BTreeSet;

use shoal::capture::Capture;
use shoal::collection::Image;
use shoal_engine::Duplicates;

/// Which image of a group is kept unless the user decides otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepRule {
    /// The best one.
    #[default]
    Best,
    /// The one with the largest file.
    LargestFile,
    /// The oldest one.
    Oldest,
    /// The newest one.
    Newest,
    /// The one with the shortest path.
    ShortestPath,
}

impl KeepRule {
    /// All rules.
    pub const ALL: [Self; 5] = [Self::Best, Self::LargestFile, Self::Oldest, Self::Newest, Self::ShortestPath];

    /// The path of the image to keep of a group. Images in `folder`, if there are any, come before all others. `facts` says what is
    /// known about an image.
    pub fn choose(self, group: &Duplicates, folder: &str, facts: impl Fn(&str) -> Option<Image>) -> String {
        let is_preferred = |path: &&String| !folder.is_empty() && path.starts_with(&format!("{folder}/"));
        let preferred: Vec<&String> = group.paths.iter().filter(is_preferred).collect();
        let candidates: Vec<&String> = if preferred.is_empty() { group.paths.iter().collect() } else { preferred };
        let is_best = |path: &&&String| ***path == group.best;
        let age = |path: &str| facts(path).map_or(f64::INFINITY, |image| taken_or_modified_ms(&image));
        let lowest = |key: &dyn Fn(&str) -> f64| {
            // The first of equal ones, but the best before them.
            let order = |path: &&&String| (key(path), !is_best(path));
            candidates.iter().min_by(|one, other| {
                let (one, other) = (order(one), order(other));
                one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
            })
        };
        let chosen = match self {
            Self::Best => candidates.iter().find(is_best).or_else(|| candidates.first()),
            Self::LargestFile => lowest(&|path| -(facts(path).map_or(0, |image| image.byte_size) as f64)),
            Self::Oldest => lowest(&age),
            Self::Newest => lowest(&|path| {
                let age = age(path);
                if age.is_finite() { -age } else { f64::INFINITY }
            }),
            Self::ShortestPath => lowest(&|path| path.chars().count() as f64),
        };
        chosen.map_or_else(|| group.best.clone(), |path| (*path).clone())
    }
}

/// When an image was taken or, if its file does not say, last modified, in milliseconds since 1970.
fn taken_or_modified_ms(image: &Image) -> f64 {
    image.capture.as_ref().and_then(Capture::taken_ms).unwrap_or(image.modified_ms)
}

/// What the user decides about a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The paths of the images to keep.
    pub kept: BTreeSet<String>,
    /// Whether the user has looked at the group.
    pub is_seen: bool,
}

/// A review in progress.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The groups.
    pub groups: Vec<Duplicates>,
    /// The decision about each.
    pub decisions: Vec<Decision>,
    /// The group that is shown; the number of groups for the summary.
    pub at: usize,
}

impl Review {
    /// A review of these groups, of which `keep` chooses the images to keep. It begins at the summary if `is_summary`.
    pub fn new(groups: Vec<Duplicates>, keep: impl Fn(&Duplicates) -> String, is_summary: bool) -> Self {
        let decisions =
            groups.iter().map(|group| Decision { kept: BTreeSet::from([keep(group)]), is_seen: false }).collect();
        let at = if is_summary { groups.len() } else { 0 };
        let mut review = Self { groups, decisions, at };
        review.go_to(at);
        review
    }

    /// Shows a group, or the summary.
    pub fn go_to(&mut self, at: usize) {
        self.at = at.min(self.groups.len());
        if let Some(decision) = self.decisions.get_mut(self.at) {
            decision.is_seen = true;
        }
    }

    /// Keeps the image with this number of the group that is shown, or no longer keeps it.
    pub fn toggle(&mut self, number: usize) {
        let path = self.groups.get(self.at).and_then(|group| group.paths.get(number));
        if let (Some(path), Some(decision)) = (path, self.decisions.get_mut(self.at))
            && !decision.kept.remove(path)
        {
            decision.kept.insert(path.clone());
        }
    }

    /// Keeps all images of the group that is shown.
    pub fn keep_all(&mut self) {
        if let (Some(group), Some(decision)) = (self.groups.get(self.at), self.decisions.get_mut(self.at)) {
            decision.kept.extend(group.paths.iter().cloned());
        }
    }

    /// The paths of the images to set aside. Of a group of which nothing is kept, nothing is set aside either.
    pub fn set_aside(&self) -> Vec<String> {
        let groups = self.groups.iter().zip(&self.decisions).filter(|(_, decision)| !decision.kept.is_empty());
        let others =
            groups.flat_map(|(group, decision)| group.paths.iter().filter(|path| !decision.kept.contains(*path)));
        others.cloned().collect()
    }

    /// The groups of which the user keeps all images.
    pub fn kept_whole(&self) -> Vec<Vec<String>> {
        let is_whole =
            |(group, decision): &(&Duplicates, &Decision)| group.paths.iter().all(|path| decision.kept.contains(path));
        self.groups.iter().zip(&self.decisions).filter(is_whole).map(|(group, _)| group.paths.clone()).collect()
    }

    /// How many groups the user has not looked at.
    pub fn unseen(&self) -> usize {
        self.decisions.iter().filter(|decision| !decision.is_seen).count()
    }
}
