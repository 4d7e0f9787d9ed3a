// Points generated from a seed, for the browser and for files.

import { randomFrom } from './pictures.mjs';

/** The number of directions in which features vary, apart from noise. */
const LATENT_COLUMNS = 64;

/** Random numbers of mean 0 and variance 1: sums of four uniform ones, which are nearly normal. */
function normalFrom(random) {
  return () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

/**
 * The rows of blobs of unequal sizes, each a `Float32Array`. As with principal components, variance decreases from column to
 * column, and that of the noise more slowly than that between blobs. In the first column the noise is `noise` times as large.
 */
export function* blobs({ rows, columns, clusters, noise, seed }) {
  const random = randomFrom(seed);
  const normal = normalFrom(random);
  const centres = Array.from({ length: clusters }, () => (
    Float32Array.from({ length: columns }, (_, column) => normal() * (column + 1) ** -0.5)
  ));
  for (let row = 0; row < rows; row += 1) {
    const centre = centres[Math.floor(clusters * random() ** 1.5)];
    yield centre.map((value, column) => value + noise * normal() * (column + 1) ** -0.3);
  }
}

/** Rows like a network's pooled features, each a `Float32Array`: no value is negative, and a third are 0. */
export function* features({ rows, columns, clusters, seed }) {
  const normal = normalFrom(randomFrom(seed + 1));
  const loadings = Array.from({ length: LATENT_COLUMNS }, () => Float32Array.from({ length: columns }, normal));
  for (const latent of blobs({ rows, columns: LATENT_COLUMNS, clusters, noise: 0.6, seed })) {
    const row = Float32Array.from({ length: columns }, () => 0.5 + 0.4 * normal());
    for (const [index, loading] of loadings.entries()) {
      const weight = 0.3 * latent[index];
      for (let column = 0; column < columns; column += 1) row[column] += weight * loading[column];
    }
    yield row.map((value) => Math.max(value, 0));
  }
}

/** The rows concatenated in one array. */
export function together(rows, columns) {
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => values.set(row, index * columns));
  return values;
}
