//! Draws thousands of marks: all of one look in one path, in slices, on a canvas that is shown once it is whole.

use std::cell::Cell;
use std::f64::consts::TAU;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::chart::Surface;
use shoal::plot::{Mark, MarkStyle, RING_PX, css_colour};
use shoal_browser::canvas::{context_of, detached};
use shoal_browser::pause::Slices;

/// So many marks are drawn without a look at the clock, and batched by look: of marks this far apart in the order of drawing
/// the later one lies above, as it does when each is drawn by itself.
const CHUNK: usize = 500;
/// Up to so many marks are drawn at once.
const MOST_AT_ONCE: usize = 2000;

/// Draws on one canvas of the page. Its clones are the same painter.
#[derive(Clone)]
pub struct Painter {
    hidden: Option<HtmlCanvasElement>,
    latest: Rc<Cell<u64>>,
}

impl Painter {
    /// A painter that has drawn nothing.
    pub fn new() -> Self {
        Self { hidden: detached(), latest: Rc::new(Cell::new(0)) }
    }

    /// Draws `ground`, then `marks`, and shows them on `canvas`. What was still being drawn is given up.
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
        if marks.len() <= MOST_AT_ONCE {
            marks.chunks(CHUNK).for_each(|marks| draw_marks(&context, marks));
            return show(&hidden, canvas);
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
            show(&hidden, &canvas);
        });
    }

    /// Gives up what is still being drawn.
    pub fn stop(&self) {
        self.latest.set(self.latest.get() + 1);
    }
}

fn show(drawn: &HtmlCanvasElement, canvas: &HtmlCanvasElement) {
    canvas.set_width(drawn.width());
    canvas.set_height(drawn.height());
    if let Some(context) = context_of(canvas) {
        // It throws for a canvas without pixels alone, and there is nothing to show of one.
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
        // It throws for negative radii alone.
        let _ = context.arc(x, y, radius, 0.0, TAU);
        return;
    };
    context.move_to(first.0.into(), first.1.into());
    others.iter().for_each(|corner| context.line_to(corner.0.into(), corner.1.into()));
    context.close_path();
}
