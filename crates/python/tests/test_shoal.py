"""The Python package against the command, on the sample images: SHOAL_COMMAND and SHOAL_SAMPLES."""

import json
import os
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import numpy as np

import shoal

COMMAND = os.environ["SHOAL_COMMAND"]
SAMPLES = Path(os.environ["SHOAL_SAMPLES"])
WEIGHTS = Path(__file__).parents[3] / "weights" / "mobilenet_v2_backbone.safetensors"
FILES = sorted((path for path in SAMPLES.rglob("*") if path.is_file()), key=os.fsencode)


def command(*options):
    return json.loads(subprocess.run([COMMAND, "--json", *options], check=True, capture_output=True).stdout)


class Embedding(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def features(self, *options):
        file = self.folder / "features.npz"
        command("embed", str(SAMPLES), "-o", str(file), *options)
        return np.load(file)

    def test_features_are_those_of_the_command_from_paths_and_bytes(self):
        with self.features() as expected:
            names, features = list(expected["names"]), expected["features"]
        self.assertEqual(names, [f"{SAMPLES.name}/{path.relative_to(SAMPLES).as_posix()}" for path in FILES])
        embedder = shoal.Embedder()
        self.assertEqual((embedder.model, embedder.size, embedder.dims), ("mobilenet-v2", 128, 1280))
        found = embedder.embed(FILES)
        self.assertEqual((found.dtype, found.shape), (np.float32, (60, 1280)))
        np.testing.assert_array_equal(found, features)
        np.testing.assert_array_equal(embedder.embed([path.read_bytes() for path in FILES[:7]]), features[:7])
        np.testing.assert_array_equal(embedder.embed([str(FILES[3]), bytearray(FILES[4].read_bytes())]), features[3:5])
        found[0, 0] = 1
        self.assertEqual(embedder.embed([]).shape, (0, 1280))

    def test_size_and_spec_are_those_of_the_features_file(self):
        with self.features("--size", "64") as expected:
            features, spec = expected["features"], json.loads(expected["shoal.json"])
        embedder = shoal.Embedder(size=64, threads=1, model="mobilenet-v2")
        self.assertEqual(embedder.spec, spec)
        np.testing.assert_array_equal(embedder.embed(FILES), features)

    def test_other_python_threads_run_meanwhile(self):
        embedder, ticks, done = shoal.Embedder(threads=1), 0, threading.Event()
        worker = threading.Thread(target=lambda: (embedder.embed(FILES), done.set()))
        worker.start()
        while not done.wait(0.001):
            ticks += 1
        worker.join()
        self.assertGreater(ticks, 5)

    def test_errors_have_a_code_and_the_image(self):
        embedder = shoal.Embedder()
        good = FILES[0].read_bytes()
        for bad, code in [
            (b"", "empty-file"),
            (b"not an image", "not-a-picture"),
            (good[:100], "damaged-picture"),
            (SAMPLES / "nowhere.png", "file-unreadable"),
        ]:
            with self.assertRaises(shoal.Error) as raised:
                embedder.embed([good, bad, b""])
            self.assertEqual((raised.exception.code, raised.exception.index), (code, 1))
        with self.assertRaises(TypeError):
            embedder.embed([3])
        for options, code in [
            ({"weights": FILES[0]}, "weights-format"),
            ({"weights": "nowhere"}, "file-unreadable"),
            ({"model": "resnet"}, "bad-option"),
            ({"model": "efficientnet-lite0", "weights": WEIGHTS}, "weights-architecture"),
            ({"size": 65}, "bad-option"),
        ]:
            with self.assertRaises(shoal.Error) as raised:
                shoal.Embedder(**options)
            self.assertEqual(raised.exception.code, code)


class Clusters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.features = shoal.Embedder(size=64).embed(FILES)

    def expected(self, *options):
        with tempfile.TemporaryDirectory() as folder:
            features, session = Path(folder, "f.npz"), Path(folder, "s.json")
            command("embed", str(SAMPLES), "-o", str(features), "--size", "64")
            command("cluster", str(features), "-o", str(session), *options)
            return json.loads(session.read_text())

    def test_clusters_are_those_of_the_command(self):
        for arguments, options in [
            ({}, []),
            ({"k": 6, "seed": 5}, ["-k", "6", "--seed", "5"]),
            ({"k": 6, "recipe": "umap"}, ["-k", "6", "--recipe", "umap"]),
            ({"k": "auto", "recipe": "spherical", "restarts": 2}, ["--recipe", "spherical", "--restarts", "2"]),
            ({"method": "hdbscan", "min_cluster_size": 3}, ["--method", "hdbscan", "--min-cluster-size", "3"]),
        ]:
            with self.subTest(arguments):
                session, found = self.expected(*options), shoal.cluster(self.features, **arguments)
                items = session["items"]
                self.assertEqual(found.k, session["k"])
                self.assertEqual(found.labels.dtype, np.int32)
                labels = [-1 if item["cluster"] is None else item["cluster"] for item in items]
                self.assertEqual(found.labels.tolist(), labels)
                silhouettes = [np.nan if item["silhouette"] is None else item["silhouette"] for item in items]
                np.testing.assert_array_equal(found.silhouettes, np.array(silhouettes, np.float32))
                self.assertEqual(found.proposals, session.get("proposals"))
                curve = session.get("curve")
                self.assertEqual(found.curve and len(found.curve), curve and len(curve))

    def test_other_arrays_are_converted(self):
        expected = shoal.cluster(self.features, k=4).labels
        for features in [self.features.astype(np.float64), self.features.tolist(), np.asfortranarray(self.features)]:
            np.testing.assert_array_equal(shoal.cluster(features, k=4).labels, expected)

    def test_errors_have_a_code(self):
        for features, options, code in [
            (self.features, {"k": 61}, "k-out-of-range"),
            (self.features, {"k": "many"}, "bad-option"),
            (self.features, {"recipe": "stew"}, "bad-option"),
            (self.features, {"method": "luck"}, "bad-option"),
            (np.full((5, 2), np.nan), {"k": 2}, "features-not-finite"),
            (np.zeros((0, 4)), {}, "no-pictures"),
            (np.zeros(4), {}, "features-shape"),
        ]:
            with self.assertRaises(shoal.Error) as raised:
                shoal.cluster(features, **options)
            self.assertEqual(raised.exception.code, code)


if __name__ == "__main__":
    unittest.main()
