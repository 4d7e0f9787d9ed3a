// Points made here, from a seed: for a browser and for whoever writes them into a file.

import { randomFrom } from './pictures.mjs';

/** How many directions features vary in, but for noise. */
const LATENT_COLUMNS = 64;

/** Random numbers of mean 0 and variance 1: a sum of four uniform ones, which is near enough to normal. */
function normalFrom(random) {
  return () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

/**
 * The rows of blobs of unequal sizes, each a `Float32Array`. As with principal components, a column varies less than the one
 * before it, and noise falls off more slowly than what parts the blobs. In the first column it is `noise` times as large.
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

/** The rows of something like a network's pooled features, each a `Float32Array`: none is negative, and a third is 0. */
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

/** Rows in one array, one after the other. */
export function together(rows, columns) {
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => values.set(row, index * columns));
  return values;
}
