//! Suggested cluster names: the word for what a cluster's images show, if the network is certain.
//!
//! `imagenet_words.txt` has the words of ImageNet's 1,000 classes in torchvision's order, one per line; `THIRD_PARTY.md` names
//! their source.

const WORDS: &str = include_str!("imagenet_words.txt");

/// The number of classes.
pub const CLASSES: usize = 1000;

/// The most images of a cluster that its name is based on.
const IMAGES_PER_CLUSTER: usize = 32;

/// The minimum mean score, from 0 to 1, of a suggested word.
const MIN_SCORE: f32 = 0.2;

/// The minimum ratio to the second highest score: images that could be of two classes are often of neither.
const MIN_LEAD: f32 = 2.0;

/// The minimum ratio to the word's mean score over the other clusters: a word that fits most of them describes none.
const MIN_CONTRAST: f32 = 3.0;

/// The members of a cluster that its name is based on: at most 32, evenly spread.
pub fn sampled<T>(members: &[T]) -> impl Iterator<Item = &T> {
    members.iter().step_by(members.len().div_ceil(IMAGES_PER_CLUSTER).max(1))
}

/// Suggests a name for each cluster, or `None` if no word is certain.
///
/// `cluster_scores` has the mean class scores of each cluster's images, from 0 to 1 in the order of ImageNet's classes: shape
/// `[k, CLASSES]`. Only the word with a cluster's highest score is considered. If several clusters have the same word, the one
/// with the highest score gets it, or the first of equal ones. A cluster with any other number of scores gets `None`.
pub fn suggest(cluster_scores: &[Vec<f32>]) -> Vec<Option<String>> {
    let words: Vec<&str> = WORDS.lines().collect();
    let scored: Vec<(usize, &[f32])> =
        (0..).zip(cluster_scores.iter().map(Vec::as_slice)).filter(|(_, scores)| scores.len() == words.len()).collect();
    let mut certain: Vec<(f32, usize, usize)> = Vec::new();
    for &(cluster, scores) in &scored {
        let (class, score, next) = first_two(scores);
        let of_others = scored.iter().map(|(_, scores)| scores[class]).sum::<f32>() - score;
        let mean = of_others / (scored.len() - 1).max(1) as f32;
        let is_distinctive = score >= MIN_CONTRAST * mean;
        if score >= MIN_SCORE && score >= MIN_LEAD * next && is_distinctive {
            certain.push((score, cluster, class));
        }
    }
    certain.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let mut names = vec![None; cluster_scores.len()];
    let mut taken = vec![false; words.len()];
    for (_, cluster, class) in certain {
        if !taken[class] {
            taken[class] = true;
            names[cluster] = Some(capitalised(words[class]));
        }
    }
    names
}

/// The first class with the highest score, that score, and the second highest.
fn first_two(scores: &[f32]) -> (usize, f32, f32) {
    let mut found = (0, 0.0, 0.0);
    for (class, &score) in scores.iter().enumerate() {
        if score > found.1 {
            found = (class, score, found.1);
        } else if score > found.2 {
            found.2 = score;
        }
    }
    found
}

/// The word with a capital first letter, and spaces for underscores.
fn capitalised(word: &str) -> String {
    let mut characters = word.chars().map(|character| if character == '_' { ' ' } else { character });
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}
