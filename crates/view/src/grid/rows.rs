//! The rows of a grid that are in the document.
//!
//! While someone scrolls they come and go by the dozen. So they are copies of one cell, and what is marked is written into them
//! where it changed: a closure for every attribute of every picture would take most of a frame. Their images come after: rows that
//! are merely scrolled past need none.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlImageElement};

use crate::grid::GridImage;
use crate::text;

const ID_START: &str = "cell-";
/// So many images are asked for in one task: that takes a browser longer than all else that a cell takes.
const IMAGES_AT_ONCE: usize = 4;

/// The id of the cell at a place.
pub fn cell_id(index: usize) -> String {
    format!("{ID_START}{index}")
}

/// The place of the cell that an element is in.
pub fn cell_index(inside: &Element) -> Option<usize> {
    let cell = inside.closest("[role=option]").ok()??;
    cell.id().strip_prefix(ID_START)?.parse().ok()
}

/// What a row shows.
#[derive(Clone, PartialEq, Eq)]
pub struct RowContent {
    /// Which row it is.
    pub row: usize,
    /// The place of its first picture.
    pub first: usize,
    /// Its pictures.
    pub pictures: Vec<GridImage>,
    /// Another one whenever thumbnails changed.
    pub seen: u32,
}

/// What is marked in a grid.
pub struct Marks<'marks> {
    /// Number of pictures in all rows, shown or not.
    pub count: usize,
    /// The place that the keyboard is at.
    pub cursor: usize,
    /// The path of the picture that is pointed at.
    pub pointed: Option<&'marks str>,
    /// The paths of the pictures that are selected.
    pub selected: &'marks BTreeSet<String>,
}

/// The rows in the document, by their numbers.
pub struct Rows {
    /// What every cell is a copy of.
    blank: Element,
    shown: BTreeMap<usize, Row>,
}

struct Row {
    content: RowContent,
    element: Element,
    cells: Vec<Cell>,
    /// The count that its cells tell.
    count: usize,
    /// At least so many of its cells have their images, or are known to have none.
    with_image: usize,
}

struct Cell {
    element: Element,
    marked: Marked,
}

/// What its attributes say of a cell.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Marked {
    is_cursor: bool,
    is_pointed: bool,
    is_selected: bool,
}

impl Rows {
    /// No rows yet.
    pub fn new() -> Option<Self> {
        let blank = document().create_element("div").ok()?;
        let image = document().create_element("img").ok()?;
        let cell = [("role", "option"), ("class", "picture"), ("aria-selected", "false"), ("draggable", "true")];
        let picture = [("alt", ""), ("decoding", "async"), ("draggable", "false")];
        for (element, attributes) in [(&blank, cell.as_slice()), (&image, picture.as_slice())] {
            for (name, value) in attributes {
                element.set_attribute(name, value).ok()?;
            }
        }
        blank.append_child(&image).ok()?;
        Some(Self { blank, shown: BTreeMap::new() })
    }

    /// Has exactly the wanted rows in `extent`, in their order, which is by number. Whether there are new ones, which are
    /// without images yet.
    pub fn show(&mut self, extent: &Element, wanted: &[RowContent]) -> bool {
        self.shown.retain(|_, row| {
            let stays = wanted.contains(&row.content);
            if !stays {
                row.element.remove();
            }
            stays
        });
        let mut has_new = false;
        let mut next: Option<Element> = None;
        for content in wanted.iter().rev() {
            if !self.shown.contains_key(&content.row)
                && let Some(row) = self.make(content)
                && extent.insert_before(&row.element, next.as_deref()).is_ok()
            {
                self.shown.insert(content.row, row);
                has_new = true;
            }
            next = self.shown.get(&content.row).map(|row| row.element.clone());
        }
        has_new
    }

    fn make(&self, content: &RowContent) -> Option<Row> {
        let element = document().create_element("div").ok()?;
        element.set_class_name("grid-row");
        element.set_attribute("role", "presentation").ok()?;
        element.unchecked_ref::<HtmlElement>().style().set_property("--row", &content.row.to_string()).ok()?;
        let cells = (content.first..).zip(&content.pictures).map(|(index, picture)| {
            let cell: Element = self.blank.clone_node_with_deep(true).ok()?.unchecked_into();
            cell.set_id(&cell_id(index));
            cell.set_attribute("aria-posinset", &(index + 1).to_string()).ok()?;
            let title = text::picture_title(&picture.path, picture.doubtful, picture.locked);
            cell.unchecked_ref::<HtmlElement>().set_title(&title);
            element.append_child(&cell).ok()?;
            let cell = Cell { element: cell, marked: Marked::default() };
            if picture.doubtful || picture.locked {
                cell.write_class(picture);
            }
            Some(cell)
        });
        let cells = cells.collect::<Option<_>>()?;
        Some(Row { content: content.clone(), cells, element, count: 0, with_image: 0 })
    }

    /// Gives some cells that have none yet their images, those nearest to the middle first; `thumbnail_url` tells what shows a
    /// picture. Whether there were any.
    pub fn give_images(&mut self, thumbnail_url: impl Fn(&str) -> Option<String>) -> bool {
        let Some((first, _)) = self.shown.first_key_value() else { return false };
        let middle = first + self.shown.len() / 2;
        let without = self.shown.values_mut().filter(|row| row.with_image < row.cells.len());
        let Some(row) = without.min_by_key(|row| row.content.row.abs_diff(middle)) else { return false };
        let those = row.cells.iter().zip(&row.content.pictures).skip(row.with_image).take(IMAGES_AT_ONCE);
        for (cell, picture) in those {
            let image = cell.element.first_element_child().and_then(|image| image.dyn_into::<HtmlImageElement>().ok());
            match (image, thumbnail_url(&picture.path)) {
                (Some(image), Some(url)) => image.set_src(&url),
                (Some(image), None) => image.remove(),
                (None, _) => {}
            }
        }
        row.with_image += IMAGES_AT_ONCE;
        true
    }

    /// Writes into all shown cells what is marked.
    pub fn mark(&mut self, marks: &Marks) {
        for row in self.shown.values_mut() {
            let places = row.content.first..;
            for ((index, picture), cell) in places.zip(&row.content.pictures).zip(&mut row.cells) {
                let marked = Marked {
                    is_cursor: index == marks.cursor,
                    is_pointed: marks.pointed == Some(&picture.path),
                    is_selected: marks.selected.contains(&picture.path),
                };
                if cell.marked != marked {
                    cell.marked = marked;
                    cell.write_class(picture);
                    cell.write("aria-selected", &marked.is_selected.to_string());
                }
                if row.count != marks.count {
                    cell.write("aria-setsize", &marks.count.to_string());
                }
            }
            row.count = marks.count;
        }
    }
}

impl Cell {
    fn write_class(&self, picture: &GridImage) {
        let classes = [
            (true, "picture"),
            (picture.doubtful, "doubtful"),
            (picture.locked, "locked"),
            (self.marked.is_cursor, "cursor"),
            (self.marked.is_pointed, "pointed"),
        ];
        let those = classes.into_iter().filter_map(|(is_so, class)| is_so.then_some(class));
        self.element.set_class_name(&those.collect::<Vec<_>>().join(" "));
    }

    fn write(&self, attribute: &str, value: &str) {
        // Only a name that is none could be refused.
        let _ = self.element.set_attribute(attribute, value);
    }
}
