"""Clusters a collection of images that no single machine holds, with Apache Spark.

    spark-submit cluster_images.py --images /data/photos --out /data/clusters --k 10 20 40

Needs PySpark 4 with pandas and PyArrow, and Shoal's wheel (`make python`) on every machine. The steps are those of the page's
recipe `spherical`: features of a network, square root, length 1, PCA to 32 components, length 1, KMeans. Spark writes

    OUT/features/NETWORK/   Parquet: every file with its features, or with the code and reason why it has none
    OUT/assignments/        Parquet: every image with its cluster and its distance to the centre
    OUT/scores/             JSON: mean silhouette and cost for every k that was tried

and the driver writes, for a bounded number of images per cluster, what Shoal's page opens: SAMPLE/features.npz and
SAMPLE/session.json. Images are embedded in chunks. Each is committed as a whole, so that a run that was interrupted, or is
repeated later, embeds only what is new or changed. If a worker dies, Spark runs its task again.
"""

import argparse
import json
import os
import re
import sys
import zipfile

import numpy as np
import pandas as pd
import shoal
from pyspark.errors import AnalysisException
from pyspark.ml import Pipeline
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.feature import PCA, Normalizer, StandardScaler
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

# What tells one state of a file from another.
STATE = ["path", "modificationTime", "length"]
EMBEDDED = (
    "path string, modificationTime timestamp, length long, sha256 string, "
    "features array<float>, code string, reason string"
)
COMPONENTS = 32
# A Python worker has this many files in memory at once.
FILES_PER_BATCH = 16


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", required=True, help="a folder that every machine can read, or a URL that Spark reads")
    parser.add_argument("--out", required=True, help="a folder that every machine can write to, or a URL")
    parser.add_argument("--sample", default="sample", help="a folder of the driver, for the files that the page opens")
    parser.add_argument("--sample-size", type=int, default=50, help="at most this many images per cluster in the sample")
    parser.add_argument("--k", type=int, nargs="+", default=list(range(5, 31, 5)), help="numbers of clusters to try")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--restarts", type=int, default=3, help="runs of KMeans per k, of which the cheapest is kept")
    parser.add_argument("--model", help="the network; by default the one that the driver's wheel chooses")
    parser.add_argument("--weights", help="other weights, at the same path on every machine")
    parser.add_argument("--size", type=int, help="side in pixels that images are resized to; by default the network's")
    parser.add_argument("--chunk", type=int, default=100_000, help="how many images are embedded and committed together")
    options = parser.parse_args()
    if min(options.k) < 2:
        parser.error("--k: the numbers of clusters begin with 2")
    return options


def embed(network, spec):
    """The function from files to features for a Python worker. `network` has the embedder's options."""

    def rows(batches):
        # Spark runs a worker for every core.
        embedder = shoal.Embedder(**network, threads=1)
        if embedder.spec != spec:
            raise RuntimeError(f"the network here is {embedder.spec}, but the driver's is {spec}")
        for batch in batches:
            results = [embed_one(embedder, content) for content in batch.pop("content")]
            batch["features"], batch["code"], batch["reason"] = map(list, zip(*results))
            yield batch

    return rows


def embed_one(embedder, content):
    try:
        return embedder.embed([content])[0], None, None
    except shoal.Error as error:
        return None, error.code, str(error)


def read_stored(spark, folder):
    """The rows that earlier runs have committed."""
    try:
        return spark.read.schema(EMBEDDED).parquet(folder)
    except AnalysisException as error:
        if error.getCondition() != "PATH_NOT_FOUND":
            raise
        return spark.createDataFrame([], EMBEDDED)


def add_features(spark, files, folder, chunk, embedding):
    """Embeds those of `files` whose present state is not in `folder`."""
    missing = files.join(read_stored(spark, folder).select(STATE), STATE, "left_anti")
    paths = sorted(row.path for row in missing.select("path").toLocalIterator())
    # A file that is gone, or cannot be read, has no row; the next run tries it again.
    reader = spark.read.format("binaryFile").option("ignoreMissingFiles", True).option("ignoreCorruptFiles", True)
    for start in range(0, len(paths), chunk):
        contents = reader.load([escape(path) for path in paths[start : start + chunk]])
        # Spark makes tasks of a few files, and would write as many files of features.
        tasks = contents.coalesce(4 * spark.sparkContext.defaultParallelism)
        embedded = tasks.select(*STATE, F.sha2("content", 256).alias("sha256"), "content")
        embedded.mapInPandas(embedding, EMBEDDED).write.mode("append").parquet(folder)
        print(f"embedded {min(start + chunk, len(paths))} of {len(paths)} new files", flush=True)


def escape(path):
    """A path in which Spark finds no pattern."""
    return re.sub(r"([{}\[\]*?\\])", r"\\\1", path)


def directions(features: pd.Series) -> pd.Series:
    """The square root of every feature, and length 1."""
    roots = np.sqrt(np.stack(features.to_numpy()))
    lengths = np.linalg.norm(roots, axis=1, keepdims=True)
    return pd.Series(list(roots / np.where(lengths > 0, lengths, 1)))


def find_points(spark, images):
    """The points that are clustered, a path and a vector for every image; `images` must be at least two."""
    # MLlib draws random numbers by partition. In fixed partitions and a fixed order, the same images have the same clusters,
    # whichever task wrote their features first.
    partitions = int(spark.conf.get("spark.sql.shuffle.partitions"))
    images = images.repartition(partitions, "path").sortWithinPartitions("path")
    vectors = images.select("path", array_to_vector(F.pandas_udf(directions, "array<float>")("features")).alias("vector"))
    stages = [
        # MLlib's PCA rotates without centring.
        StandardScaler(inputCol="vector", outputCol="centred", withMean=True, withStd=False),
        PCA(inputCol="centred", outputCol="scores", k=min(COMPONENTS, vectors.count() - 1)),
        Normalizer(inputCol="scores", outputCol="point"),
    ]
    return Pipeline(stages=stages).fit(vectors).transform(vectors).select("path", "point").persist()


def search(points, counts, seed, restarts):
    """The model of highest mean silhouette among those with `counts` clusters, and the scores of all."""
    evaluator = ClusteringEvaluator(featuresCol="point", predictionCol="cluster", metricName="silhouette")
    best, scores = None, []
    for k in counts:
        kmeans = KMeans(featuresCol="point", predictionCol="cluster", k=k, maxIter=100, tol=1e-6)
        runs = [kmeans.setSeed(seed * restarts + run).fit(points) for run in range(restarts)]
        model = min(runs, key=lambda run: run.summary.trainingCost)
        silhouette = evaluator.evaluate(model.transform(points))
        scores.append({"k": k, "silhouette": silhouette, "cost": model.summary.trainingCost})
        print(scores[-1], flush=True)
        if best is None or silhouette > best[0]:
            best = (silhouette, model)
    return best[1], scores


def assign(points, model):
    """Each image's cluster and its distance to the centre."""
    centres = np.array(model.clusterCenters())

    @F.pandas_udf("double")
    def distance(cluster: pd.Series, point: pd.Series) -> pd.Series:
        return pd.Series(np.linalg.norm(np.stack(point.to_numpy()) - centres[cluster.to_numpy()], axis=1))

    assigned = model.transform(points)
    return assigned.select("path", "cluster", distance("cluster", vector_to_array("point")).alias("distance"))


def draw_sample(assigned, images, size):
    """At most `size` images of every cluster with their features: those nearest to the centre, and as many at random."""
    nearest = Window.partitionBy("cluster").orderBy("distance", "path")
    random = Window.partitionBy("cluster").orderBy(F.xxhash64("path"), "path")
    ranked = assigned.withColumn("near", F.row_number().over(nearest)).withColumn("drawn", F.row_number().over(random))
    chosen = ranked.where((F.col("near") <= size - size // 2) | (F.col("drawn") <= size // 2)).select("path", "cluster")
    return images.join(F.broadcast(chosen), "path").toPandas()


def write_sample(rows, folder, root, spec, scores, seed):
    """Writes a features file and a session file for the page, whose paths begin with the name of the folder of images."""
    parent = os.path.dirname(without_scheme(root).rstrip("/"))
    rows["name"] = [os.path.relpath(without_scheme(path), parent) for path in rows["path"]]
    rows = rows.sort_values("name", ignore_index=True)
    os.makedirs(folder, exist_ok=True)
    file = os.path.join(folder, "features.npz")
    np.savez(
        file,
        features=np.stack(rows["features"].to_numpy()).astype(np.float32),
        names=rows["name"].to_numpy(dtype=np.str_),
        labels=rows["cluster"].to_numpy(dtype=np.int32),
        byte_sizes=rows["length"].to_numpy(dtype=np.int64),
        content_hashes=rows["sha256"].to_numpy(dtype=np.str_),
    )
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("shoal.json", json.dumps(spec))
    clusters = sorted(rows["cluster"].unique().tolist())
    images = zip(rows["name"], rows["cluster"].tolist(), rows["length"].tolist(), rows["sha256"])
    session = {
        "format": "shoal-session",
        "version": 1,
        "k": len(clusters),
        "seed": seed,
        "recipe": "spherical",
        "curve": [{"k": score["k"], "silhouette": score["silhouette"]} for score in scores],
        "clusters": [{"id": cluster, "name": f"Group {cluster + 1}"} for cluster in clusters],
        "items": [
            {"path": path, "cluster": cluster, "byteSize": length, "sha256": sha256}
            for path, cluster, length, sha256 in images
        ],
    }
    with open(os.path.join(folder, "session.json"), "w", encoding="utf-8") as out:
        json.dump(session, out, indent=1)


def without_scheme(url):
    """The path in a URL such as Spark's file:/a and hdfs://host/a, or a path as it is."""
    match = re.match(r"[a-z][a-z0-9+.-]+:(?://[^/]*)?", url)
    return url[match.end() :] if match else os.path.abspath(url)


def main():
    options = parse_options()
    # With its weights and size, so that every machine uses the same network.
    driver = shoal.Embedder(weights=options.weights, model=options.model, size=options.size)
    spec = driver.spec
    network = {"weights": options.weights, "model": driver.model, "size": driver.size}
    version = f"{spec['weightsSha256'][:12]}-{spec['preprocessing']}"
    features = f"{options.out}/features/{driver.model}-{driver.size}-{version}"

    spark = SparkSession.builder.appName("Shoal").getOrCreate()
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", FILES_PER_BATCH)
    # Without their contents, the files are listed but not read.
    files = spark.read.format("binaryFile").option("recursiveFileLookup", True).load(options.images).select(STATE)
    add_features(spark, files, features, options.chunk, embed(network, spec))
    embedded = read_stored(spark, features).join(files, STATE, "left_semi").dropDuplicates(["path"])
    for row in embedded.where("code is not null").groupBy("code").count().orderBy("code").collect():
        print(f"left out: {row['count']} files, {row['code']}", flush=True)
    images = embedded.where("features is not null")
    count = images.count()
    if count < max(options.k):
        sys.exit(f"there are {count} images, too few for {max(options.k)} clusters")

    points = find_points(spark, images)
    model, scores = search(points, options.k, options.seed, options.restarts)
    assigned = assign(points, model).persist()
    assigned.write.mode("overwrite").parquet(f"{options.out}/assignments")
    spark.createDataFrame(scores).coalesce(1).write.mode("overwrite").json(f"{options.out}/scores")
    rows = draw_sample(assigned, images, options.sample_size)
    write_sample(rows, options.sample, options.images, spec, scores, options.seed)
    spark.stop()


if __name__ == "__main__":
    main()
