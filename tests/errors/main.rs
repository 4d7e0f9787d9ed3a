//! Error codes: the table in README.md has every code of every crate, and no code is spelled in two ways.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Codes that were replaced by others, which keep their meaning.
const REPLACED: [&str; 4] = ["unreadable-file", "lane-crashed", "lane-failed", "features-foreign"];

/// Every code, with the files that define it.
type Codes = BTreeMap<String, BTreeSet<PathBuf>>;

#[test]
fn the_table_in_the_readme_has_every_code() {
    let codes = codes_in_source();
    let table = codes_in_readme();
    for (code, files) in &codes {
        assert!(table.contains_key(code), "README.md lacks `{code}`, which {files:?} define");
    }
    for code in table.keys() {
        assert!(codes.contains_key(code), "no source file defines `{code}`, which README.md lists");
    }
}

#[test]
fn the_table_in_the_readme_explains_each_code_once_and_in_order() {
    let rows = readme_rows();
    for (code, when) in &rows {
        assert!(!when.is_empty(), "README.md does not say when `{code}` occurs");
    }
    for pair in rows.windows(2) {
        assert!(pair[0].0 < pair[1].0, "`{}` comes before `{}`", pair[0].0, pair[1].0);
    }
}

#[test]
fn no_two_codes_mean_the_same() {
    let mut by_words: BTreeMap<Vec<String>, &String> = BTreeMap::new();
    let codes = codes_in_source();
    for (code, files) in &codes {
        assert!(!REPLACED.contains(&code.as_str()), "{files:?} define `{code}`, which another code has replaced");
        if let Some(other) = by_words.insert(words(code), code) {
            panic!("`{other}` and `{code}` consist of the same words");
        }
    }
}

#[test]
fn codes_are_in_kebab_case() {
    for (code, files) in codes_in_source() {
        let is_word =
            |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        assert!(code.split('-').all(is_word), "{files:?} define `{code}`");
    }
}

#[test]
fn literals_are_found_in_bodies_only() {
    let source = r#"
        trait Coded { fn code(&self) -> &'static str; }
        fn other(&self) -> &'static str { "other" }
        fn code(&self) -> &'static str {
            match self {
                // Not this "comment", nor this brace: }
                Self::One { .. } => "one",
                Self::Two | Self::Three => {
                    "two-three"
                }
            }
        }
        fn after() { let name = "after"; }
        let error = Error::Other { code: "by-field", reason: "a reason" };
    "#;
    assert_eq!(literals_of_code_bodies(source), ["one", "two-three"]);
    assert_eq!(literals_after(source, "code: \"", '"'), ["by-field"]);
    assert_eq!(words("unreadable-files"), words("file-unreadable"));
}

/// The words of a code, in alphabetical order and in the singular.
fn words(code: &str) -> Vec<String> {
    let mut words: Vec<String> =
        code.split('-').map(|word| word.strip_suffix('s').unwrap_or(word).to_owned()).collect();
    words.sort();
    words
}

/// The codes of all crates and of the page's JavaScript.
fn codes_in_source() -> Codes {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = files_under(&root.join("src"));
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        files.extend(files_under(&entry.unwrap().path().join("src")));
    }
    files.extend(files_under(&root.join("www")));
    let mut codes = Codes::new();
    for file in files {
        let Some(extension) = file.extension().and_then(|extension| extension.to_str()) else { continue };
        let source = || fs::read_to_string(&file).unwrap();
        let found = match extension {
            "rs" => {
                let source = source();
                [literals_of_code_bodies(&source), literals_after(&source, "code: \"", '"')].concat()
            }
            "js" => literals_after(&source(), "codedError('", '\''),
            _ => continue,
        };
        for code in found {
            codes.entry(code).or_default().insert(file.strip_prefix(root).unwrap().to_owned());
        }
    }
    assert!(codes.len() > 60, "only {} codes were found: are they defined in another way?", codes.len());
    codes
}

/// Every file below `folder`.
fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// The string literals in the bodies of all methods `code` of a Rust file.
fn literals_of_code_bodies(source: &str) -> Vec<String> {
    let mut literals = Vec::new();
    for after in source.split("fn code(&self)").skip(1) {
        let Some(start) = after.find(['{', ';']).filter(|&start| after[start..].starts_with('{')) else { continue };
        let mut depth = 0;
        let mut rest = &after[start..];
        while let Some(at) = rest.find(['{', '}', '"', '/']) {
            let token = &rest[at..];
            rest = &token[1..];
            if token.starts_with('"') {
                let (literal, after) = rest.split_once('"').expect("a string literal ends");
                literals.push(literal.to_owned());
                rest = after;
            } else if token.starts_with("//") {
                rest = rest.split_once('\n').expect("a comment in a body ends with its line").1;
            } else if token.starts_with('{') {
                depth += 1;
            } else if token.starts_with('}') {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
        }
    }
    literals
}

/// The text from each occurrence of `prefix` to the next `end`.
fn literals_after(source: &str, prefix: &str, end: char) -> Vec<String> {
    source.split(prefix).skip(1).filter_map(|after| Some(after.split_once(end)?.0.to_owned())).collect()
}

fn codes_in_readme() -> BTreeMap<String, String> {
    readme_rows().into_iter().collect()
}

/// The rows of the table below "Error codes": a code, and when it occurs.
fn readme_rows() -> Vec<(String, String)> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, section) = readme.split_once("### Error codes\n").expect("README.md has a section on error codes");
    let section = section.split("\n#").next().unwrap_or_default();
    let rows: Vec<(String, String)> = section
        .lines()
        .filter_map(|line| {
            let (code, when) = line.strip_prefix("| `")?.strip_suffix('|')?.split_once("` |")?;
            Some((code.to_owned(), when.trim().to_owned()))
        })
        .collect();
    assert!(!rows.is_empty(), "README.md has no table of error codes");
    rows
}
