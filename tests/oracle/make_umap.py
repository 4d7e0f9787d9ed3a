"""Writes the figures that tests/cluster/umap.rs and the unit tests of UMAP compare with, as umap-learn and scikit-learn compute them.

    python -m venv venv && venv/bin/pip install numpy scikit-learn umap-learn
    venv/bin/python tests/oracle/make_umap.py

Data are rounded to multiples of 1/256, so that they are the same numbers in single and double precision.
"""

import numpy as np
from make_oracle import exact, write
from sklearn.cluster import KMeans
from sklearn.manifold import trustworthiness
from sklearn.metrics import normalized_mutual_info_score
from umap import UMAP
from umap.umap_ import find_ab_params, fuzzy_simplicial_set

NEIGHBOURS = 15
SEEDS = range(5)


def curve_case(min_dist):
    a, b = find_ab_params(1.0, min_dist)
    return {"min_dist": min_dist, "a": a, "b": b}


def graph_case(points, neighbours):
    # The nearest rows are handed over, a row first among its own, ties by row, since umap-learn says nothing of ties.
    distances = np.linalg.norm(points[:, None].astype(float) - points[None], axis=2)
    np.fill_diagonal(distances, -1.0)
    rows = np.argsort(distances, axis=1, kind="stable")[:, :neighbours]
    nearest = np.maximum(np.take_along_axis(distances, rows, axis=1), 0.0).astype(np.float32)
    graph, _, _ = fuzzy_simplicial_set(points, neighbours, None, "euclidean", knn_indices=rows, knn_dists=nearest)
    graph = graph.tocsr()
    graph.sort_indices()
    return {
        "columns": points.shape[1],
        "points": points.ravel().tolist(),
        "neighbours": neighbours,
        "starts": graph.indptr.tolist(),
        "ends": graph.indices.tolist(),
        "weights": graph.data.tolist(),
    }


def layout_case(points, truth, dimensions):
    def layout(seed, init):
        return UMAP(
            n_components=dimensions, n_neighbors=NEIGHBOURS, min_dist=0.0, random_state=seed, n_jobs=1, init=init
        ).fit_transform(points)

    def agreement(places):
        groups = KMeans(len(set(truth)), n_init=10, random_state=0).fit_predict(places)
        return normalized_mutual_info_score(truth, groups)

    figures = {}
    for init in ["spectral", "pca"]:
        layouts = [layout(seed, init) for seed in SEEDS]
        trust = np.mean([trustworthiness(points, places, n_neighbors=NEIGHBOURS) for places in layouts])
        nmi = np.mean([agreement(places) for places in layouts])
        figures[init] = (float(trust), float(nmi))
        print(f"{len(points)} x {points.shape[1]} to {dimensions}, from {init}: trustworthiness {trust:.4f}, NMI {nmi:.4f}")
    print(f"KMeans on the points: NMI {agreement(points):.4f}")
    return {
        "columns": points.shape[1],
        "points": points.ravel().tolist(),
        "truth": truth.tolist(),
        "dimensions": dimensions,
        "neighbours": NEIGHBOURS,
        "trustworthiness": figures["spectral"][0],
        "nmi": figures["spectral"][1],
        # Of a projection that both sides can make.
        "first_two_trustworthiness": float(trustworthiness(points, points[:, :2], n_neighbors=NEIGHBOURS)),
    }


def uneven_blobs(rng, sizes, columns, spread):
    truth = np.repeat(np.arange(len(sizes)), sizes)
    centres = rng.normal(size=(len(sizes), columns))
    widths = spread * rng.uniform(0.6, 1.4, size=len(sizes))
    return exact(centres[truth] + widths[truth, None] * rng.normal(size=(len(truth), columns))), truth


def swiss_roll(rng, rows):
    turn = 1.5 * np.pi * (1 + 2 * rng.random(rows))
    points = np.stack([turn * np.cos(turn), 21 * rng.random(rows), turn * np.sin(turn)], axis=1)
    # Four parts along the roll, which no plane separates.
    truth = np.floor((turn - turn.min()) / (np.ptp(turn) + 1e-9) * 4).astype(int)
    return exact(points / 4), truth


def main():
    rng = np.random.default_rng(20261124)
    write("umap_curves", [curve_case(min_dist) for min_dist in [0.0, 0.001, 0.05, 0.1, 0.25, 0.5, 0.8, 1.0]])
    apart = np.concatenate([exact(rng.normal(size=(20, 3))), exact(rng.normal(size=(15, 3)) + 50)])
    # More rows at one place than count as near, so that some have no neighbour elsewhere.
    repeated = np.concatenate([np.zeros((7, 2), np.float32), exact(rng.normal(size=(18, 2)))])
    few = exact(rng.normal(size=(5, 4)))
    # So many rows at the least distance that no bandwidth is small enough, and one just beyond it.
    crowded = exact([[0], [0], [0], [0], [5], [5 + 1 / 256], [9], [9.5], [9.75], [10]])
    graphs = [(apart, 6), (repeated, 5), (few, 5), (few, 2), (crowded, 6)]
    write("umap_graphs", [graph_case(points, neighbours) for points, neighbours in graphs])
    blobs, truth = uneven_blobs(rng, [120, 90, 60, 45, 30, 25, 18, 12], 10, 0.8)
    roll, parts = swiss_roll(rng, 300)
    write("umap_layouts", [layout_case(blobs, truth, 8), layout_case(roll, parts, 2)])


if __name__ == "__main__":
    main()
