//! A drawing backend that records what a plot draws.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::RGBColor;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use shoal::plot::PlotStyle;

pub type Rgb = (u8, u8, u8);
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// A circle: centre, radius, colour, and whether it is filled.
pub type Disc = (BackendCoord, u32, Rgb, bool);

/// What was drawn, in the order it was.
#[derive(Default)]
pub struct Record {
    pub circles: Vec<Disc>,
    /// Filled rectangles: two corners, and the colour. The first is the background.
    pub bars: Vec<(BackendCoord, BackendCoord, Rgb)>,
    pub polygons: Vec<Vec<BackendCoord>>,
    /// From, to, and the width.
    pub lines: Vec<(BackendCoord, BackendCoord, u32)>,
    /// The words, and their size.
    pub texts: Vec<(String, f64)>,
    pub presented: usize,
}

pub struct Recorder {
    size: (u32, u32),
    record: Rc<RefCell<Record>>,
}

impl DrawingBackend for Recorder {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.record.borrow_mut().presented += 1;
        Ok(())
    }

    fn draw_pixel(&mut self, _point: BackendCoord, _color: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.record.borrow_mut().lines.push((from, to, style.stroke_width()));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let path: Vec<_> = path.into_iter().collect();
        for pair in path.windows(2) {
            self.draw_line(pair[0], pair[1], style)?;
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        if fill {
            self.record.borrow_mut().bars.push((from, to, style.color().rgb));
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.record.borrow_mut().circles.push((centre, radius, style.color().rgb, fill));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, _: &S) -> Drawn {
        self.record.borrow_mut().polygons.push(path.into_iter().collect());
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, _pos: BackendCoord) -> Drawn {
        self.record.borrow_mut().texts.push((text.into(), style.size()));
        Ok(())
    }
}

/// What `draw` draws on a canvas of `size` pixels.
pub fn record(size: (u32, u32), draw: impl FnOnce(&DrawingArea<Recorder, Shift>)) -> Record {
    let record = Rc::new(RefCell::new(Record::default()));
    let root = Recorder { size, record: Rc::clone(&record) }.into_drawing_area();
    draw(&root);
    drop(root);
    record.take()
}

/// Dark on white, with the share of the first component alone.
pub fn style(scale: f32) -> PlotStyle {
    PlotStyle {
        foreground: RGBColor(30, 38, 50),
        background: RGBColor(255, 255, 255),
        muted: RGBColor(86, 97, 115),
        scale,
        font_px: 12.0,
        explained: [Some(0.234), None, None],
    }
}
