//! Recognition of folders that contain themselves by a symbolic link, which browsers follow without saying so.

use std::rc::Rc;

/// How deep folders are opened, whatever they contain.
const DEPTH_MAX: usize = 64;
/// How often the same folders may lie in each other, if there is no file among them: a folder `2020` with a folder `2020`.
const REPEATS_MAX: usize = 3;

/// A file or folder in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Child {
    /// Its name.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// What the folders on the way to a folder contain.
#[derive(Clone, Default)]
pub struct Listings(Vec<Rc<Vec<Child>>>);

impl Listings {
    /// These folders and one below, which has these `children`; `None` if the children of a folder above have the same names, so
    /// that it is most likely the same folder.
    pub fn with(&self, mut children: Vec<Child>) -> Option<Self> {
        children.sort();
        let has_folder = children.iter().any(|child| child.is_folder);
        let only_folders = children.iter().all(|child| child.is_folder);
        let repeats = self.0.iter().filter(|above| ***above == children).count();
        let allowed = if only_folders { REPEATS_MAX } else { 0 };
        if has_folder && repeats > allowed || self.0.len() >= DEPTH_MAX {
            return None;
        }
        Some(Self(self.0.iter().cloned().chain([Rc::new(children)]).collect()))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn children(names: &[&str]) -> Vec<Child> {
        let child = |name: &&str| Child { name: (*name).to_owned(), is_folder: !name.contains('.') };
        names.iter().map(child).collect()
    }

    #[wasm_bindgen_test]
    fn a_folder_that_contains_itself_is_recognised() {
        let outer = Listings::default().with(children(&["a.jpg", "sub"])).unwrap();
        assert!(outer.with(children(&["sub", "a.jpg"])).is_none());
        let inner = outer.with(children(&["b.jpg", "up"])).unwrap();
        assert!(inner.with(children(&["a.jpg", "sub"])).is_none(), "a link to the folder above");
        assert!(inner.with(children(&["a.jpg"])).is_some());
    }

    #[wasm_bindgen_test]
    fn folders_may_be_alike() {
        let outer = Listings::default().with(children(&["a.jpg"])).unwrap();
        assert!(outer.with(children(&["a.jpg"])).is_some(), "without a folder there is no way on");
        let mut nested = Listings::default();
        for _ in 0..=REPEATS_MAX {
            nested = nested.with(children(&["2020"])).unwrap();
        }
        assert!(nested.with(children(&["2020"])).is_none());
        let mut deep = Listings::default();
        let name = |depth: usize| format!("{depth}");
        for depth in 0..DEPTH_MAX {
            deep = deep.with(children(&[&name(depth)])).unwrap();
        }
        assert!(deep.with(children(&["deeper"])).is_none());
    }
}
