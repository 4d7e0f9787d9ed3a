//! A layout and its epochs: stochastic gradient descent along the edges of the graph, with negative samples.
//!
//! Section 4.2, algorithm 5, of McInnes, Healy and Melville, 2018, in umap-learn's form: an edge is taken the more often the
//! greater its weight is, and with each edge its first row is pushed away from a few rows drawn from all.

use super::UmapParams;
use super::curve::Curve;
use super::forces::Force;
use super::generator::Generator;
use super::graph::Graph;
use super::start;
use crate::cluster::ClusterError;
use crate::cluster::check_finite;
use crate::cluster::neighbours::Neighbours;
use crate::matrix::Matrix;
use crate::matrix::ShapeError;

/// Up to this many rows a layout takes [`MANY_EPOCHS`], above [`FEW_EPOCHS`].
const SMALL: usize = 10_000;
const MANY_EPOCHS: u32 = 500;
const FEW_EPOCHS: u32 = 200;
/// With fewer epochs than this, edges are dropped as if there were as many as usual.
const LEAST_EPOCHS: u32 = 11;
/// How many rows are drawn for each edge.
const NEGATIVE_SAMPLES: f32 = 5.0;
/// No coordinate moves by more than this times the learning rate.
const MOST_FORCE: f32 = 4.0;

/// A layout of rows, at any moment between its epochs.
///
/// It is resumable: however its epochs are divided among calls of [`Self::run`], it comes to the same bits. Memory is that of
/// the graph's edges.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The rows' coordinates, each row padded with zeros, which no force moves.
    places: Vec<f32>,
    padded: usize,
    dimensions: usize,
    edges: Vec<Edge>,
    attraction: Force,
    repulsion: Force,
    generator: Generator,
    epochs: u32,
    epochs_done: u32,
}

/// An edge and when it is taken, in epochs.
#[derive(Clone, Copy, Debug)]
struct Edge {
    head: u32,
    tail: u32,
    /// Epochs from one time to the next, at least 1.
    period: f32,
    next: f32,
    /// Up to when rows have been drawn.
    drawn: f32,
}

impl Layout {
    /// The start of a layout of `points`, shape `[n, d]`, over the neighbours of all of them: those that
    /// [`nearest_rows`](crate::cluster::neighbours::nearest_rows) finds when it is asked for
    /// [`UmapParams::others`].
    ///
    /// # Errors
    /// [`ClusterError::NoRows`] without rows; [`ClusterError::Option`] when a parameter is out of its range;
    /// [`ClusterError::NotFinite`] when a point is, or a distance, being too large for an `f32`; [`ClusterError::Shape`] when
    /// the neighbours are not those that were to be asked for, and [`ClusterError::RowsOutOfRange`] when one is not a row.
    pub fn new(points: &Matrix, neighbours: &Neighbours, params: &UmapParams) -> Result<Self, ClusterError> {
        params.check()?;
        check(points, neighbours, params)?;
        let mut generator = Generator::new(params.seed);
        let usual = if points.rows() <= SMALL { MANY_EPOCHS } else { FEW_EPOCHS };
        let epochs = params.epochs.unwrap_or(usual);
        let edges = edges(&Graph::new(neighbours), if epochs < LEAST_EPOCHS { usual } else { epochs });
        let curve = Curve::fit(params.min_dist.into());
        let start = start::places(points, params.dimensions, &mut generator);
        let padded = params.dimensions.next_power_of_two().max(4);
        let mut places = vec![0.0; points.rows() * padded];
        for (row, place) in places.chunks_exact_mut(padded).enumerate() {
            place[..params.dimensions].copy_from_slice(start.row(row));
        }
        Ok(Self {
            places,
            padded,
            dimensions: params.dimensions,
            edges,
            attraction: Force::attraction(curve),
            repulsion: Force::repulsion(curve),
            generator,
            epochs,
            epochs_done: 0,
        })
    }

    /// How many epochs the layout takes.
    pub fn epochs(&self) -> u32 {
        self.epochs
    }

    /// How many of them are done.
    pub fn epochs_done(&self) -> u32 {
        self.epochs_done
    }

    /// Runs `epochs` more, or what is left.
    pub fn run(&mut self, epochs: u32) {
        for _ in 0..epochs.min(self.epochs - self.epochs_done) {
            // A loop over a known number of coordinates has no branches.
            match self.padded {
                4 => self.epoch::<4>(),
                8 => self.epoch::<8>(),
                16 => self.epoch::<16>(),
                32 => self.epoch::<32>(),
                _ => self.epoch::<64>(),
            }
            self.epochs_done += 1;
        }
    }

    /// The rows' places as they are, shape `[n, dimensions]`, finite.
    pub fn finish(self) -> Matrix {
        let n = self.places.len() / self.padded;
        let mut places = Matrix::zeros(n, self.dimensions);
        for (row, place) in self.places.chunks_exact(self.padded).enumerate() {
            places.row_mut(row).copy_from_slice(&place[..self.dimensions]);
        }
        places
    }

    fn epoch<const WIDTH: usize>(&mut self) {
        let (places, _) = self.places.as_chunks_mut::<WIDTH>();
        let n = places.len() as u32;
        let epoch = self.epochs_done as f32;
        // The first two epochs have the whole rate, as in umap-learn.
        let rate = 1.0 - self.epochs_done.saturating_sub(1) as f32 / self.epochs as f32;
        let mut generator = self.generator.clone();
        for edge in self.edges.iter_mut().filter(|edge| edge.next <= epoch) {
            let (head, tail) = (edge.head as usize, edge.tail as usize);
            let (mut place, mut other) = (places[head], places[tail]);
            let move_ = pull(&place, &other, &self.attraction, -rate);
            for index in 0..WIDTH {
                place[index] += move_[index];
                other[index] -= move_[index];
            }
            places[tail] = other;
            edge.next += edge.period;

            let draw_period = edge.period / NEGATIVE_SAMPLES;
            let draws = ((epoch - edge.drawn) / draw_period) as u32;
            for _ in 0..draws {
                let drawn = generator.below(n);
                if drawn == head {
                    continue;
                }
                let move_ = pull(&place, &places[drawn], &self.repulsion, rate);
                for index in 0..WIDTH {
                    place[index] += move_[index];
                }
            }
            places[head] = place;
            edge.drawn += draws as f32 * draw_period;
        }
        self.generator = generator;
    }
}

/// How far `place` moves by its force with `other`: towards it at a negative rate, away from it at a positive one.
#[inline]
fn pull<const WIDTH: usize>(place: &[f32; WIDTH], other: &[f32; WIDTH], force: &Force, rate: f32) -> [f32; WIDTH] {
    let mut difference = [0.0; WIDTH];
    let mut squares = [0.0; WIDTH];
    for index in 0..WIDTH {
        difference[index] = place[index] - other[index];
        squares[index] = difference[index] * difference[index];
    }
    // Halves are added to each other, which fills vector registers.
    let mut width = WIDTH;
    while width > 1 {
        width /= 2;
        for index in 0..width {
            squares[index] += squares[index + width];
        }
    }
    let force = force.at(squares[0]);
    difference.map(|difference| (force * difference).clamp(-MOST_FORCE, MOST_FORCE) * rate)
}

/// The edges that are taken at least once in `epochs`.
fn edges(graph: &Graph, epochs: u32) -> Vec<Edge> {
    let largest = graph.weights.iter().copied().fold(0.0, f32::max);
    let least = largest / epochs as f32;
    let mut edges = Vec::new();
    for (head, ends) in graph.starts.windows(2).enumerate() {
        for index in (ends[0]..ends[1]).filter(|&index| graph.weights[index] >= least) {
            let period = largest / graph.weights[index];
            let drawn = period / NEGATIVE_SAMPLES;
            edges.push(Edge { head: head as u32, tail: graph.columns[index], period, next: period, drawn });
        }
    }
    edges
}

fn check(points: &Matrix, neighbours: &Neighbours, params: &UmapParams) -> Result<(), ClusterError> {
    let n = points.rows();
    if n == 0 {
        return Err(ClusterError::NoRows);
    }
    check_finite(points)?;
    let count = params.others().min(n - 1);
    let values = neighbours.rows.len();
    if neighbours.count != count || values != n * count || neighbours.distances.len() != values {
        return Err(ShapeError { values, columns: count }.into());
    }
    if let Some(&row) = neighbours.rows.iter().find(|&&row| row as usize >= n) {
        return Err(ClusterError::RowsOutOfRange { start: row as usize, end: row as usize + 1, rows: n });
    }
    match neighbours.distances.iter().position(|distance| !distance.is_finite()) {
        Some(index) => Err(ClusterError::NotFinite { row: index / count }),
        None => Ok(()),
    }
}
