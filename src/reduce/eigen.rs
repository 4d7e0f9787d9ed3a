//! The largest eigenvalues and eigenvectors of a positive semidefinite matrix.

use nalgebra::{DMatrix, SymmetricEigen};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::product::Wide;

/// The maximum size at which all eigenvectors are computed. Above, the iteration is several times faster.
const EXACT_SIZE: usize = 200;
/// The iteration ends when the residual of every wanted vector is at most this share of its eigenvalue.
const TOLERANCE: f64 = 1e-6;
/// The maximum number of iterations. Spectra of features take about 5; a flat spectrum, whose vectors are arbitrary, takes all.
const MAX_ITERATIONS: usize = 20;
/// The degree of the filter between two iterations: the number of products with the matrix.
const FILTER_DEGREE: usize = 4;
/// The maximum number of QR sweeps for each eigenvalue of a small matrix.
const SWEEPS: usize = 1000;

/// Eigenvalues, the largest first, with their eigenvectors as rows.
pub struct Eigen {
    /// The eigenvalues, shape `[up to wanted]`.
    pub values: Vec<f64>,
    /// Their eigenvectors, shape `[up to wanted, size]`.
    pub vectors: Wide,
}

/// A symmetric matrix that is given only by its products with vectors.
pub trait Symmetric {
    /// The number of rows and columns.
    fn size(&self) -> usize;
    /// Applies the matrix to each row of `vectors`, shape `[count, size]`.
    fn apply(&self, vectors: &Wide) -> Wide;
}

impl Symmetric for Wide {
    fn size(&self) -> usize {
        self.columns
    }

    fn apply(&self, vectors: &Wide) -> Wide {
        let mut product = Wide::zeros(vectors.rows(), self.columns);
        product.add_product(vectors, self);
        product
    }
}

/// The `wanted` largest eigenvalues of `matrix`, with their eigenvectors.
pub fn largest(matrix: &Wide, wanted: usize) -> Eigen {
    if matrix.columns <= EXACT_SIZE { all(matrix, wanted) } else { iterate(matrix, wanted) }
}

/// The `wanted` largest of all eigenvalues, computed by the QR algorithm.
fn all(matrix: &Wide, wanted: usize) -> Eigen {
    let size = matrix.columns;
    let square = DMatrix::from_row_slice(size, size, &matrix.values);
    let Some(found) = SymmetricEigen::try_new(square, f64::EPSILON, SWEEPS * size) else {
        // It fails to converge only on values that are not finite, which explain no variance.
        return Eigen { values: vec![0.0; wanted], vectors: Wide::zeros(wanted, size) };
    };
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&one, &other| found.eigenvalues[other].total_cmp(&found.eigenvalues[one]));
    order.truncate(wanted);
    let mut vectors = Wide::zeros(order.len(), size);
    for (row, &index) in order.iter().enumerate() {
        for (value, &found) in vectors.row_mut(row).iter_mut().zip(found.eigenvectors.column(index).iter()) {
            *value = found;
        }
    }
    Eigen { values: order.iter().map(|&index| found.eigenvalues[index]).collect(), vectors }
}

/// Randomised subspace iteration: Halko, Martinsson and Tropp, "Finding structure with randomness", 2011, algorithm 4.4, with
/// a Rayleigh-Ritz step in each iteration to detect convergence, and with a Chebyshev filter instead of a power of the matrix (Zhou, Saad, Tiago and Chelikowsky, "Self-consistent-field calculations using Chebyshev-filtered
/// subspace iteration", 2006), which takes less than half as many products.
///
/// The start is random with a fixed seed, so that the same matrix gives the same vectors. It is uniform rather than normal,
/// because logarithms and cosines differ between platforms.
pub fn iterate(matrix: &impl Symmetric, wanted: usize) -> Eigen {
    let size = matrix.size();
    // Convergence depends on the ratio of the last wanted eigenvalue to the first one left out: the more vectors, the faster.
    let count = (2 * wanted).max(wanted + 12).min(size);
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut basis = Wide::zeros(count, size);
    for value in &mut basis.values {
        *value = (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
    }
    orthonormalise(&mut basis);
    for iteration in 1.. {
        let image = matrix.apply(&basis);
        let mut projected = Wide::zeros(count, count);
        projected.add_product(&basis, &image);
        let small = all(&projected, count);
        let (vectors, images) = (combine(&small.vectors, &basis), combine(&small.vectors, &image));
        if iteration == MAX_ITERATIONS || converged(&small.values[..wanted], &vectors, &images) {
            let mut vectors = vectors;
            vectors.values.truncate(wanted * size);
            return Eigen { values: small.values[..wanted].to_vec(), vectors };
        }
        basis = filter(matrix, vectors, images, small.values[count - 1]);
        orthonormalise(&mut basis);
    }
    unreachable!("the iteration ends at its limit")
}

/// Applies a Chebyshev polynomial of the matrix to `vectors`, whose `images` are known already. The polynomial is small on
/// eigenvalues from 0 to `cut` and grows fastest above.
fn filter(matrix: &impl Symmetric, vectors: Wide, images: Wide, cut: f64) -> Wide {
    // If the matrix has fewer eigenvalues above rounding than there are vectors, one product finds them all.
    let largest = images.values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    if cut <= largest * 1e-12 {
        return images;
    }
    let step = |applied: &Wide, current: &Wide, before: Option<&Wide>| {
        let mut next = applied.clone();
        for (index, value) in next.values.iter_mut().enumerate() {
            let mapped = *value / (cut / 2.0) - current.values[index];
            *value = before.map_or(mapped, |before| 2.0 * mapped - before.values[index]);
        }
        next
    };
    let mut current = step(&images, &vectors, None);
    let mut before = vectors;
    for _ in 1..FILTER_DEGREE {
        let next = step(&matrix.apply(&current), &current, Some(&before));
        before = std::mem::replace(&mut current, next);
    }
    current
}

fn converged(values: &[f64], vectors: &Wide, images: &Wide) -> bool {
    // Eigenvalues below the rounding of the largest cannot be distinguished from zero.
    let floor = values.first().copied().unwrap_or(0.0) * 1e-12;
    values.iter().enumerate().all(|(index, &value)| {
        let residual = images.row(index).iter().zip(vectors.row(index)).map(|(image, x)| (image - value * x).powi(2));
        residual.sum::<f64>().sqrt() <= (TOLERANCE * value).max(floor)
    })
}

/// Linear combinations of `rows`, one for each row of `weights`: shape `[weights, size]`.
pub fn combine(weights: &Wide, rows: &Wide) -> Wide {
    let mut combined = Wide::zeros(weights.rows(), rows.columns);
    combined.add_product(weights, &rows.transposed());
    combined
}

/// Orthonormalises rows by the Gram-Schmidt process, applied twice for full precision. A row that depends linearly on those
/// before it becomes zero.
fn orthonormalise(rows: &mut Wide) {
    let columns = rows.columns;
    for row in 0..rows.rows() {
        let (before, rest) = rows.values.split_at_mut(row * columns);
        let row = &mut rest[..columns];
        let length = dot(row, row).sqrt();
        for _ in 0..2 {
            for other in before.chunks_exact(columns) {
                let share = dot(row, other);
                for (value, other) in row.iter_mut().zip(other) {
                    *value -= share * other;
                }
            }
        }
        let left = dot(row, row).sqrt();
        let scale = if left > length * 1e-12 { 1.0 / left } else { 0.0 };
        for value in row {
            *value *= scale;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_blocks, a_rest) = a.as_chunks::<8>();
    let (b_blocks, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}
