"""Writes the figures that tests/cluster/ compares with, as scikit-learn computes them.

    python -m venv venv && venv/bin/pip install numpy scikit-learn
    venv/bin/python tests/oracle/make_methods.py

Data are rounded to multiples of 1/256, so that they are the same numbers in single and double precision.
"""

import numpy as np
from make_oracle import exact, write
from sklearn import metrics
from sklearn.cluster import HDBSCAN, AgglomerativeClustering


def crowds(rng, rows, columns, crowd_count, outliers):
    """Crowds of different sizes and densities, and rows anywhere, in a random order."""
    centres = 4 * rng.normal(size=(crowd_count, columns))
    crowd = np.sort(rng.integers(0, crowd_count, rows) * rng.integers(0, 2, rows))
    spread = 0.3 + 0.4 * rng.random(crowd_count)
    near = centres[crowd] + spread[crowd, None] * rng.normal(size=(rows, columns))
    far = rng.uniform(-8, 8, size=(outliers, columns))
    return exact(rng.permutation(np.concatenate([near, far])))


def labelled(labels):
    return [None if label < 0 else int(label) for label in labels]


def method_case(rng, rows, columns, crowd_count, outliers, min_cluster_size, k):
    points = crowds(rng, rows, columns, crowd_count, outliers)
    wide = points.astype(float)
    density = HDBSCAN(min_cluster_size=min_cluster_size, algorithm="brute", copy=True).fit_predict(wide)
    return {
        "columns": columns,
        "points": points.ravel().tolist(),
        "min_cluster_size": min_cluster_size,
        "density_labels": labelled(density),
        "k": k,
        "ward_labels": AgglomerativeClustering(k, linkage="ward").fit_predict(wide).tolist(),
        "evaluated": evaluated(wide, density),
    }


def evaluated(points, labels):
    """What scikit-learn says of the rows that are no outliers, as if the others were not there."""
    kept = labels >= 0
    points, labels = points[kept], labels[kept]
    means = np.array([points[labels == cluster].mean(axis=0) for cluster in range(labels.max() + 1)])
    distances = np.linalg.norm(points - means[labels], axis=1)
    to_all = metrics.pairwise_distances(points)
    to_clusters = np.stack([to_all[:, labels == cluster].mean(axis=1) for cluster in range(len(means))], axis=1)
    to_clusters[np.arange(len(labels)), labels] = np.inf
    return {
        "centres": means.ravel().tolist(),
        "inertia": float((distances**2).sum()),
        "distances": distances.tolist(),
        "davies_bouldin": metrics.davies_bouldin_score(points, labels),
        "calinski_harabasz": metrics.calinski_harabasz_score(points, labels),
        "silhouettes": metrics.silhouette_samples(points, labels).tolist(),
        "nearest_others": to_clusters.argmin(axis=1).tolist(),
    }


def main():
    rng = np.random.default_rng(20261125)
    write(
        "methods",
        [
            method_case(rng, 110, 2, 4, 12, 5, 6),
            method_case(rng, 90, 5, 3, 10, 8, 3),
            method_case(rng, 70, 17, 3, 6, 5, 4),
        ],
    )


if __name__ == "__main__":
    main()
