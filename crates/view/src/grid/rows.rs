//! The rows of a grid that are in the document.
//!
//! Scrolling adds and removes rows by the dozen, so that they are built without Leptos: cells are clones of one element, and
//! changed marks are written into them directly. A closure for every attribute of every image would take most of a frame.
//! Thumbnails are set later, so that rows that are merely scrolled past load none.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlImageElement};

use crate::text;

const ID_PREFIX: &str = "cell-";
/// The class of the mark in a cell that selects its image.
pub const TICK: &str = "tick";
/// The number of thumbnails set per task: setting one takes a browser longer than building its cell.
const THUMBNAILS_PER_TASK: usize = 4;

/// The element id of the cell with an index.
pub fn cell_id(index: usize) -> String {
    format!("{ID_PREFIX}{index}")
}

/// The index of the cell that contains an element.
pub fn cell_index(element: &Element) -> Option<usize> {
    let cell = element.closest("[role=option]").ok()??;
    cell.id().strip_prefix(ID_PREFIX)?.parse().ok()
}

/// An image of the grid.
#[derive(Clone, PartialEq, Eq)]
pub struct GridImage {
    /// Its path.
    pub path: String,
    /// Whether it is nearer to another cluster than to its own.
    pub is_uncertain: bool,
    /// Whether it is pinned to its cluster.
    pub is_pinned: bool,
}

/// The content of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct RowContent {
    /// Index of the row.
    pub row: usize,
    /// Index of its first image.
    pub first: usize,
    /// Its images.
    pub images: Vec<GridImage>,
    /// `State::thumbnail_version`: a row is rebuilt when it changes.
    pub thumbnail_version: u32,
}

/// The marks of a grid.
pub struct Marks<'marks> {
    /// Number of images in all rows, visible or not.
    pub count: usize,
    /// Index of the image at the keyboard's cursor.
    pub cursor: usize,
    /// The path of the hovered image.
    pub hovered: Option<&'marks str>,
    /// The paths of the selected images.
    pub selected: &'marks BTreeSet<String>,
}

/// The rows in the document, by index.
pub struct Rows {
    /// The element that every cell is a clone of.
    template: Element,
    shown: BTreeMap<usize, Row>,
}

struct Row {
    content: RowContent,
    element: Element,
    cells: Vec<Cell>,
    /// The `aria-setsize` of its cells.
    count: usize,
    /// The number of its cells, from the left, whose thumbnails are set or do not exist.
    loaded: usize,
}

struct Cell {
    element: Element,
    marked: Marked,
}

/// The marks that a cell's attributes show.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Marked {
    is_cursor: bool,
    is_hovered: bool,
    is_selected: bool,
}

impl Rows {
    /// No rows yet.
    pub fn new() -> Option<Self> {
        let template = document().create_element("div").ok()?;
        let image = document().create_element("img").ok()?;
        let cell = [("role", "option"), ("class", "picture"), ("aria-selected", "false"), ("draggable", "true")];
        let thumbnail = [("alt", ""), ("decoding", "async"), ("draggable", "false")];
        for (element, attributes) in [(&template, cell.as_slice()), (&image, thumbnail.as_slice())] {
            for (name, value) in attributes {
                element.set_attribute(name, value).ok()?;
            }
        }
        let tick = document().create_element("span").ok()?;
        tick.set_class_name(TICK);
        template.append_child(&image).ok()?;
        template.append_child(&tick).ok()?;
        Some(Self { template, shown: BTreeMap::new() })
    }

    /// Makes `extent` contain exactly the wanted rows, sorted by index. Returns whether some are new and lack thumbnails.
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
                && let Some(row) = self.build(content)
                && extent.insert_before(&row.element, next.as_deref()).is_ok()
            {
                self.shown.insert(content.row, row);
                has_new = true;
            }
            next = self.shown.get(&content.row).map(|row| row.element.clone());
        }
        has_new
    }

    fn build(&self, content: &RowContent) -> Option<Row> {
        let element = document().create_element("div").ok()?;
        element.set_class_name("grid-row");
        element.set_attribute("role", "presentation").ok()?;
        element.unchecked_ref::<HtmlElement>().style().set_property("--row", &content.row.to_string()).ok()?;
        let cells = (content.first..).zip(&content.images).map(|(index, image)| {
            let cell: Element = self.template.clone_node_with_deep(true).ok()?.unchecked_into();
            cell.set_id(&cell_id(index));
            cell.set_attribute("aria-posinset", &(index + 1).to_string()).ok()?;
            let title = text::image_title(&image.path, image.is_uncertain, image.is_pinned);
            cell.unchecked_ref::<HtmlElement>().set_title(&title);
            element.append_child(&cell).ok()?;
            let cell = Cell { element: cell, marked: Marked::default() };
            if image.is_uncertain || image.is_pinned {
                cell.write_class(image);
            }
            Some(cell)
        });
        let cells = cells.collect::<Option<_>>()?;
        Some(Row { content: content.clone(), cells, element, count: 0, loaded: 0 })
    }

    /// Sets the thumbnails of a few cells that lack them, in the row nearest to the middle. `thumbnail_url` maps a path to its
    /// URL. Returns whether any cell lacked its thumbnail.
    pub fn load_thumbnails(&mut self, thumbnail_url: impl Fn(&str) -> Option<String>) -> bool {
        let Some((first, _)) = self.shown.first_key_value() else { return false };
        let middle = first + self.shown.len() / 2;
        let unfinished = self.shown.values_mut().filter(|row| row.loaded < row.cells.len());
        let Some(row) = unfinished.min_by_key(|row| row.content.row.abs_diff(middle)) else { return false };
        let cells = row.cells.iter().zip(&row.content.images).skip(row.loaded).take(THUMBNAILS_PER_TASK);
        for (cell, image) in cells {
            let element =
                cell.element.first_element_child().and_then(|element| element.dyn_into::<HtmlImageElement>().ok());
            match (element, thumbnail_url(&image.path)) {
                (Some(element), Some(url)) => element.set_src(&url),
                (Some(element), None) => element.remove(),
                (None, _) => {}
            }
        }
        row.loaded += THUMBNAILS_PER_TASK;
        true
    }

    /// Updates the marks of all cells.
    pub fn mark(&mut self, marks: &Marks) {
        for row in self.shown.values_mut() {
            let indices = row.content.first..;
            for ((index, image), cell) in indices.zip(&row.content.images).zip(&mut row.cells) {
                let marked = Marked {
                    is_cursor: index == marks.cursor,
                    is_hovered: marks.hovered == Some(&image.path),
                    is_selected: marks.selected.contains(&image.path),
                };
                if cell.marked != marked {
                    cell.marked = marked;
                    cell.write_class(image);
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
    fn write_class(&self, image: &GridImage) {
        let classes = [
            (true, "picture"),
            (image.is_uncertain, "doubtful"),
            (image.is_pinned, "locked"),
            (self.marked.is_cursor, "cursor"),
            (self.marked.is_hovered, "pointed"),
        ];
        let classes = classes.into_iter().filter_map(|(applies, class)| applies.then_some(class));
        self.element.set_class_name(&classes.collect::<Vec<_>>().join(" "));
    }

    fn write(&self, attribute: &str, value: &str) {
        // It fails only for an invalid attribute name.
        let _ = self.element.set_attribute(attribute, value);
    }
}
