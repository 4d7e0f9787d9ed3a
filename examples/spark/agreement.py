"""Compares the clusters of cluster_images.py with Shoal's own, on folders with one folder per class: agreement.py FOLDER..

Prints the mean NMI over five seeds, with as many clusters as there are classes.
"""

import sys
from pathlib import Path

import numpy as np
import shoal
from cluster_images import find_points, search
from pyspark.sql import SparkSession

SEEDS = range(5)
RESTARTS = 3


def nmi(one, other):
    """Normalised mutual information with the arithmetic mean, as in scikit-learn."""
    one, other = np.unique(one, return_inverse=True)[1], np.unique(other, return_inverse=True)[1]
    joint = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(joint, (one, other), 1 / len(one))
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    information = np.sum(joint[joint > 0] * np.log((joint / np.outer(rows, columns))[joint > 0]))
    return information / (-np.sum(rows * np.log(rows)) - np.sum(columns * np.log(columns))) * 2


def main():
    spark = SparkSession.builder.appName("Shoal").getOrCreate()
    embedder = shoal.Embedder()
    for folder in map(Path, sys.argv[1:]):
        files = sorted(path for path in folder.glob("*/*") if path.is_file())
        classes = np.array([path.parent.name for path in files])
        features, k = embedder.embed(files), len(set(classes))
        rows = [(str(path), row.tolist()) for path, row in zip(files, features)]
        points = find_points(spark, spark.createDataFrame(rows, "path string, features array<float>"))
        mllib, own = [], []
        for seed in SEEDS:
            model, _ = search(points, [k], seed, RESTARTS)
            found = {row.path: row.cluster for row in model.transform(points).select("path", "cluster").collect()}
            mllib.append(nmi(classes, [found[str(path)] for path in files]))
            own.append(nmi(classes, shoal.cluster(features, k=k, seed=seed, recipe="spherical").labels))
        print(
            f"{folder.name}: {len(files)} images, k = {k}, {embedder.model}: "
            f"NMI {np.mean(mllib):.3f} by MLlib, {np.mean(own):.3f} by Shoal"
        )
    spark.stop()


if __name__ == "__main__":
    main()
