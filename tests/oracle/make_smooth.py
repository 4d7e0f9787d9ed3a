"""Writes the figures that tests/cluster/smooth.rs compares with: graph smoothing in numpy and scipy.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-learn
    venv/bin/python tests/oracle/make_smooth.py

Data are rounded to multiples of 1/256, so that they are the same numbers in single and double precision.
"""

import numpy as np
from make_oracle import exact, write
from scipy.sparse import csr_matrix, diags
from sklearn.decomposition import PCA

NEIGHBOURS = 7
STEPS = 10
COMPONENTS = 64


def unit_rows(rows):
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-9)


def spherical(features):
    rows = features.astype(float)
    if rows.min() >= 0:
        rows = np.sqrt(rows)
    rows = unit_rows(rows)
    return unit_rows(PCA(min(COMPONENTS, len(rows) - 1, rows.shape[1]), svd_solver="full").fit_transform(rows))


def smooth(points):
    n = len(points)
    count = min(NEIGHBOURS, n - 1)
    # Rounded, so that rows at the same distance stay in row order.
    distances = np.round(np.linalg.norm(points[:, None] - points[None], axis=2), 7)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :count]
    links = csr_matrix((np.ones(n * count), (np.repeat(np.arange(n), count), nearest.ravel())), shape=(n, n))
    graph = (links + links.T) / 2
    graph = diags(1 / np.asarray(graph.sum(axis=1)).ravel()) @ graph
    smoothed = points
    for _ in range(STEPS):
        smoothed = 0.9 * (graph @ smoothed) + 0.1 * points
    return unit_rows(smoothed)


def points_case(points):
    return {
        "columns": points.shape[1],
        "points": points.ravel().tolist(),
        "smoothed": smooth(points.astype(float)).ravel().tolist(),
    }


def features_case(features):
    smoothed = smooth(spherical(features))
    # Cosines of some rows with all, which do not depend on the signs of the components.
    return {
        "columns": features.shape[1],
        "features": features.ravel().tolist(),
        "cosines": (smoothed[:15] @ smoothed.T).ravel().tolist(),
    }


def groups(rng, sizes, columns, spread):
    centres = rng.normal(size=(len(sizes), columns))
    truth = np.repeat(np.arange(len(sizes)), sizes)
    return centres[truth] + spread * rng.normal(size=(len(truth), columns))


def main():
    rng = np.random.default_rng(20261130)
    repeated = exact(groups(rng, [9, 6], 3, 0.3))
    # More identical rows than neighbours.
    repeated[:9] = repeated[0]
    write(
        "smooth_points",
        [
            points_case(exact(groups(rng, [15, 12, 10], 5, 0.5))),
            points_case(repeated),
            points_case(exact(rng.normal(size=(5, 3)))),
            points_case(exact(rng.normal(size=(2, 4)))),
        ],
    )
    write(
        "smooth_features",
        [
            # As many components as the recipe keeps, and fewer; with and without the root.
            features_case(exact(np.abs(groups(rng, [30, 25, 20], 70, 0.8)))),
            features_case(exact(groups(rng, [12, 10, 8], 9, 0.5))),
            features_case(exact(np.abs(rng.normal(size=(6, 4))))),
        ],
    )


if __name__ == "__main__":
    main()
