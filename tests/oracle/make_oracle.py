"""Writes the figures that tests/cluster/ and the unit tests of KMeans compare with, as scikit-learn and numpy compute them.

    python -m venv venv && venv/bin/pip install numpy scikit-learn
    venv/bin/python tests/oracle/make_oracle.py

Data are rounded to multiples of 1/256, so that they are the same numbers in single and double precision.
"""

import json
import pathlib

import numpy as np
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

HERE = pathlib.Path(__file__).parent


def exact(values):
    return (np.round(np.asarray(values) * 256) / 256).astype(np.float32)


def blobs(rng, rows, columns, clusters, spread):
    centres = rng.normal(size=(clusters, columns))
    truth = np.arange(rows) % clusters
    return exact(centres[truth] + spread * rng.normal(size=(rows, columns))), truth


def write(name, value):
    # Nine digits say a single-precision number, seventeen would say a double and make the files twice as long.
    rounded = json.loads(json.dumps(value), parse_float=lambda text: float(f"{float(text):.12g}"))
    (HERE / f"{name}.json").write_text(json.dumps(rounded, separators=(",", ":")) + "\n")


def clustering_case(rng, rows, columns, clusters, spread):
    points, truth = blobs(rng, rows, columns, clusters, spread)
    starts = rng.choice(rows, clusters, replace=False)
    fit = KMeans(clusters, init=points[starts].astype(float), n_init=1, tol=0, algorithm="lloyd").fit(points.astype(float))
    labels = fit.labels_
    return {
        "columns": columns,
        "points": points.ravel().tolist(),
        "truth": truth.tolist(),
        "starts": starts.tolist(),
        "labels": labels.tolist(),
        "centres": fit.cluster_centers_.ravel().tolist(),
        "inertia": fit.inertia_,
        "silhouettes": metrics.silhouette_samples(points.astype(float), labels).tolist(),
        "silhouette": float(metrics.silhouette_score(points.astype(float), labels)),
        "davies_bouldin": metrics.davies_bouldin_score(points.astype(float), labels),
        "calinski_harabasz": metrics.calinski_harabasz_score(points.astype(float), labels),
    }


def tolerant_case(rng, rows, columns, clusters, spread, tolerance):
    points, _ = blobs(rng, rows, columns, clusters, spread)
    starts = rng.choice(rows, clusters, replace=False)
    wide = points.astype(float)
    fit = KMeans(clusters, init=wide[starts], n_init=1, tol=tolerance, algorithm="lloyd").fit(wide)
    exact_fit = KMeans(clusters, init=wide[starts], n_init=1, tol=0, algorithm="lloyd").fit(wide)
    assert fit.n_iter_ + 1 < exact_fit.n_iter_ and not np.allclose(fit.cluster_centers_, exact_fit.cluster_centers_)
    return {
        "columns": columns,
        "points": points.ravel().tolist(),
        "starts": starts.tolist(),
        "tolerance": tolerance,
        "iterations": fit.n_iter_,
        "labels": fit.labels_.tolist(),
        "centres": fit.cluster_centers_.ravel().tolist(),
        "inertia": fit.inertia_,
    }


def agreement_case(classes, clusters):
    return {
        "classes": list(map(int, classes)),
        "clusters": list(map(int, clusters)),
        "nmi": metrics.normalized_mutual_info_score(classes, clusters),
        "ari": metrics.adjusted_rand_score(classes, clusters),
    }


def pca_case(features, wanted):
    fit = PCA(wanted, svd_solver="full").fit(features.astype(float))
    loadings = fit.components_
    signs = np.sign(loadings[np.arange(wanted), np.abs(loadings).argmax(1)])
    return {
        "scores": (fit.transform(features.astype(float)) * signs).ravel().tolist(),
        "explained": fit.explained_variance_ratio_.tolist(),
    }


def main():
    rng = np.random.default_rng(20261124)
    write(
        "clusterings",
        [
            clustering_case(rng, 60, 3, 4, 0.3),
            clustering_case(rng, 75, 9, 6, 0.9),
            # No structure at all, and columns that fill neither a tile nor a chunk.
            clustering_case(rng, 90, 67, 7, 30.0),
        ],
    )
    write(
        "tolerant_clusterings",
        [
            tolerant_case(np.random.default_rng(0), 200, 2, 6, 1.5, 1e-2),
            tolerant_case(np.random.default_rng(1), 300, 2, 9, 2.0, 1e-2),
            tolerant_case(np.random.default_rng(2), 150, 5, 7, 2.0, 5e-2),
        ],
    )
    truth = rng.integers(0, 5, 80)
    noisy = np.where(rng.random(80) < 0.3, rng.integers(0, 8, 80), truth)
    write(
        "agreements",
        [
            agreement_case(truth, truth),
            agreement_case(truth, (truth + 2) % 5),
            agreement_case(truth, noisy),
            agreement_case(noisy, truth),
            agreement_case(truth, rng.permutation(truth)),
            agreement_case(truth, np.zeros(80, int)),
            agreement_case(np.zeros(80, int), np.zeros(80, int)),
            agreement_case(np.arange(80), np.arange(80)),
            agreement_case(np.zeros(80, int), np.arange(80)),
            agreement_case([0, 0, 1, 1], [0, 1, 0, 1]),
        ],
    )
    # More columns than rows, more rows than columns, and each once more where the matrix is too large for every
    # eigenvector: there the data are made on both sides by the same arithmetic, being too long to be written.
    cases = []
    for rows, columns in [(20, 50), (60, 12)]:
        features = exact(rng.normal(size=(rows, 6)) @ rng.normal(size=(6, columns)) + 0.1 * rng.normal(size=(rows, columns)))
        cases.append({"columns": columns, "features": features.ravel().tolist(), **pca_case(features, 3)})
    write("pca", cases)
    large = []
    # The last is so large in both directions that no Gram matrix is formed.
    for rows, columns in [(260, 900), (900, 260), (2100, 2060)]:
        features = waves(rows, columns)
        case = pca_case(features, 3)
        case["scores"] = case["scores"][: 3 * 40]
        rooted = np.sqrt(features - features.min())
        rooted /= np.linalg.norm(rooted, axis=1, keepdims=True)
        reduced = PCA(32, svd_solver="full").fit_transform(rooted)
        reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
        # Distances are the same whatever sign a component has.
        gaps = [float(np.linalg.norm(reduced[0] - reduced[row])) for row in range(60)]
        large.append({"rows": rows, "columns": columns, **case, "distances_to_first": gaps})
    write("pca_large", large)


def waves(rows, columns):
    """Features of a slowly falling spectrum: 48 products of pseudo-random factors, each weaker than the one before."""
    state = np.uint64(1)
    total = np.zeros((rows, columns))
    for component in range(48):
        draws = []
        for _ in range(rows + columns):
            state = np.uint64((int(state) * 6364136223846793005 + 1442695040888963407) % 2**64)
            draws.append((int(state) >> 40) / 2**24 - 0.5)
        weight = 8.0 * 0.93**component
        total += weight * np.outer(draws[:rows], draws[rows:])
    return exact(total)


if __name__ == "__main__":
    main()
