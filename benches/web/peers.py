"""scikit-learn and umap-learn for grouping.mjs: peers.py FOLDER

Reads one task per line from standard input, as JSON, and replies to each with one line. Points are float32 files in FOLDER.
The first line of output is {"versions": ..} or {"missing": ..}.
"""

import functools
import json
import pathlib
import sys
import time


def timed(work):
    start = time.perf_counter()
    value = work()
    return value, (time.perf_counter() - start) * 1000


@functools.cache
def points(file, columns):
    return np.fromfile(FOLDER / file, np.float32).reshape(-1, columns)


def kmeans(file, columns, k, restarts, seed):
    model = KMeans(k, n_init=restarts, random_state=seed)
    labels, ms = timed(lambda: model.fit(points(file, columns)).labels_)
    return {"ms": ms, "labels": labels.tolist()}


def silhouettes(file, columns, labels):
    labels = np.array(labels)
    values, ms = timed(lambda: silhouette_samples(points(file, columns), labels))
    return {"ms": ms, "values": values.tolist()}


def automatic(file, columns, counts, restarts, seed):
    def mean_silhouette(k):
        labels = KMeans(k, n_init=restarts, random_state=seed).fit_predict(points(file, columns))
        return float(silhouette_score(points(file, columns), labels))

    curve, ms = timed(lambda: [mean_silhouette(k) for k in counts])
    return {"ms": ms, "curve": curve}


def prepare(file, columns, components):
    model = PCA(components, random_state=0)
    _, ms = timed(lambda: model.fit_transform(normalize(np.sqrt(points(file, columns)))))
    ratios = model.explained_variance_ratio_
    return {"ms": ms, "explained": ratios[:3].tolist(), "varianceKept": float(ratios.sum())}


def umap(file, columns, dimensions, neighbours, seed):
    # With a seed umap-learn uses one thread, and warns unless that is requested.
    model = UMAP(n_components=dimensions, n_neighbors=neighbours, min_dist=0.0, random_state=seed, n_jobs=1)
    layout, ms = timed(lambda: model.fit_transform(points(file, columns)))
    return {"ms": ms, "layout": layout.ravel().tolist()}


def hdbscan(file, columns, minClusterSize):
    labels, ms = timed(lambda: HDBSCAN(minClusterSize, copy=True).fit_predict(points(file, columns)))
    return {"ms": ms, "labels": labels.tolist()}


def ward(file, columns, k):
    labels, ms = timed(lambda: AgglomerativeClustering(k, linkage="ward").fit_predict(points(file, columns)))
    return {"ms": ms, "labels": labels.tolist()}


def inertia(file, columns, labels):
    wide, labels = points(file, columns).astype(np.float64), np.array(labels)
    groups = [wide[labels == label] for label in np.unique(labels)]
    return float(sum(((group - group.mean(0)) ** 2).sum() for group in groups))


def trust(file, columns, layout, dimensions, neighbours):
    places = np.array(layout).reshape(-1, dimensions)
    return float(trustworthiness(points(file, columns), places, n_neighbors=neighbours))


def agreement(one, other, **_points):
    return float(adjusted_rand_score(one, other))


def say(answer):
    print(json.dumps(answer), flush=True)


TASKS = {task.__name__: task for task in [
    kmeans, silhouettes, automatic, prepare, umap, hdbscan, ward, inertia, trust, agreement,
]}
FOLDER = pathlib.Path(sys.argv[1])
try:
    import numpy as np
    import sklearn
    from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
    from sklearn.decomposition import PCA
    from sklearn.manifold import trustworthiness
    from sklearn.metrics import adjusted_rand_score, silhouette_samples, silhouette_score
    from sklearn.preprocessing import normalize
    from umap import UMAP
    from umap import __version__ as umap_version
except ImportError as error:
    say({"missing": str(error)})
    sys.exit()
say({"versions": f"scikit-learn {sklearn.__version__}, umap-learn {umap_version}"})
for line in sys.stdin:
    asked = json.loads(line)
    say(TASKS[asked.pop("task")](**asked))
