//! What a cluster may be called: the word for what its pictures show, where that is sure.
//!
//! `imagenet_words.txt` has the words of ImageNet's 1,000 classes in torchvision's order, one a line; `THIRD_PARTY.md` says
//! whose they are.

const WORDS: &str = include_str!("imagenet_words.txt");

/// How many classes have words.
pub const CLASSES: usize = 1000;

/// The least mean score, of 1, that makes a word sure.
const LEAST_SCORE: f32 = 0.2;

/// The least multiple of the next word's score: what hesitates between two classes is often neither.
const LEAST_LEAD: f32 = 2.0;

/// The least multiple of its mean score over all clusters that a word needs: one that would do for most of them names none.
const LEAST_CONTRAST: f32 = 1.5;

/// Names clusters by their pictures' mean scores, each of [`CLASSES`] values from 0 to 1 in the order of ImageNet's classes:
/// shape `[k][1000]`. Gives every cluster a word, or `None` where none is sure.
///
/// Only a cluster's first word can be sure, and of several clusters with the same one that of the highest score has it, of
/// equal ones the first. A cluster with another number of scores is given none.
pub fn suggest(cluster_scores: &[Vec<f32>]) -> Vec<Option<String>> {
    let words: Vec<&str> = WORDS.lines().collect();
    let scored: Vec<(usize, &[f32])> =
        (0..).zip(cluster_scores.iter().map(Vec::as_slice)).filter(|(_, scores)| scores.len() == words.len()).collect();
    let mut sure: Vec<(f32, usize, usize)> = Vec::new();
    for &(cluster, scores) in &scored {
        let (class, score, next) = first_two(scores);
        let mean = scored.iter().map(|(_, scores)| scores[class]).sum::<f32>() / scored.len() as f32;
        // There is nothing to be told apart from where there is but one.
        let tells_apart = scored.len() == 1 || score >= LEAST_CONTRAST * mean;
        if score >= LEAST_SCORE && score >= LEAST_LEAD * next && tells_apart {
            sure.push((score, cluster, class));
        }
    }
    sure.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let mut names = vec![None; cluster_scores.len()];
    let mut taken = vec![false; words.len()];
    for (_, cluster, class) in sure {
        if !taken[class] {
            taken[class] = true;
            names[cluster] = Some(spoken(words[class]));
        }
    }
    names
}

/// The class of the highest score, of equal ones the first, that score, and the next.
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

/// The word as a heading: its first letter a capital, blanks for underscores.
fn spoken(word: &str) -> String {
    let mut characters = word.chars().map(|character| if character == '_' { ' ' } else { character });
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}
