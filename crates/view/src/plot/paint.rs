//! Draws thousands of marks: those of one look in one path, in slices, on a hidden canvas that is copied once complete.

use std::cell::Cell;
use std::f64::consts::TAU;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::chart::Surface;
use shoal::plot::{Mark, MarkStyle, RING_PX, css_colour};
use shoal_browser::canvas::{context_of, detached};
use shoal_browser::yielding::Slices;

/// The number of marks that are batched by look and drawn between two checks of the clock. Marks in different chunks overlap in
/// drawing order; within a chunk the order is given up for speed.
const CHUNK: usize = 500;
/// Up to this many marks are drawn at once, without slices.
const AT_ONCE_MAX: usize = 2000;

/// Draws on one canvas of the page. Clones are handles to the same painter.
#[derive(Clone)]
pub struct Painter {
    hidden: Option<HtmlCanvasElement>,
    /// Number of the latest drawing: older ones stop.
    latest: Rc<Cell<u64>>,
}

impl Painter {
    /// A painter without a drawing.
    pub fn new() -> Self {
        Self { hidden: detached(), latest: Rc::new(Cell::new(0)) }
    }

    /// Draws `ground`, then `marks`, and copies the result to `canvas`. Cancels a drawing that is still running.
    pub fn draw(
        &self,
        canvas: &HtmlCanvasElement,
        surface: &Surface,
        ground: impl FnOnce(&HtmlCanvasElement, &CanvasRenderingContext2d),
        marks: Vec<Mark>,
    ) {
        let own = self.latest.get() + 1;
        self.latest.set(own);
        let Some(hidden) = self.hidden.clone() else { return };
        hidden.set_width(surface.size_px.0);
        hidden.set_height(surface.size_px.1);
        let Some(context) = context_of(&hidden) else { return };
        ground(&hidden, &context);
        context.set_line_width(surface.to_px(RING_PX).round().max(1.0));
        if marks.len() <= AT_ONCE_MAX {
            marks.chunks(CHUNK).for_each(|marks| draw_marks(&context, marks));
            return copy(&hidden, canvas);
        }
        let (latest, canvas) = (Rc::clone(&self.latest), canvas.clone());
        spawn_local(async move {
            let mut slices = Slices::start();
            for marks in marks.chunks(CHUNK) {
                draw_marks(&context, marks);
                slices.pause_when_due().await;
                if latest.get() != own {
                    return;
                }
            }
            copy(&hidden, &canvas);
        });
    }

    /// Cancels a drawing that is still running.
    pub fn stop(&self) {
        self.latest.set(self.latest.get() + 1);
    }
}

fn copy(drawn: &HtmlCanvasElement, canvas: &HtmlCanvasElement) {
    canvas.set_width(drawn.width());
    canvas.set_height(drawn.height());
    if let Some(context) = context_of(canvas) {
        // It throws only for a canvas without pixels, which has nothing to show.
        let _ = context.draw_image_with_html_canvas_element(drawn, 0.0, 0.0);
    }
}

fn draw_marks(context: &CanvasRenderingContext2d, marks: &[Mark]) {
    let mut batches: Vec<(MarkStyle, Vec<&Mark>)> = Vec::new();
    for mark in marks {
        match batches.iter_mut().find(|(look, _)| *look == mark.style) {
            Some((_, batch)) => batch.push(mark),
            None => batches.push((mark.style, vec![mark])),
        }
    }
    for (look, batch) in batches {
        context.begin_path();
        batch.into_iter().for_each(|mark| outline(context, mark));
        let colour = css_colour(look.colour);
        if look.is_filled {
            context.set_fill_style_str(&colour);
            context.fill();
        } else {
            context.set_stroke_style_str(&colour);
            context.stroke();
        }
    }
}

fn outline(context: &CanvasRenderingContext2d, mark: &Mark) {
    let corners = mark.corners_px();
    let Some((first, others)) = corners.split_first() else {
        let (x, y, radius) = (mark.centre_px.0.into(), mark.centre_px.1.into(), mark.style.radius_px.into());
        context.move_to(x + radius, y);
        // It throws only for negative radii.
        let _ = context.arc(x, y, radius, 0.0, TAU);
        return;
    };
    context.move_to(first.0.into(), first.1.into());
    others.iter().for_each(|corner| context.line_to(corner.0.into(), corner.1.into()));
    context.close_path();
}
