"""The Spark example on the sample images: its result, a second run, and a worker that is killed in the middle.

SHOAL_SAMPLES is the folder of samples. What the page opens is left in SHOAL_SPARK_SAMPLE, for page.test.mjs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pyspark
import shoal

EXAMPLE = Path(__file__).with_name("cluster_images.py")
SAMPLES = Path(os.environ["SHOAL_SAMPLES"])
KEPT = Path(os.environ["SHOAL_SPARK_SAMPLE"])
# Two workers. Tasks that fail run again, as on a cluster; by default they do not on one machine.
MASTER = "local[2,4]"


class Run:
    """A run of the example."""

    def __init__(self, home, *options):
        self.log = Path(home, "log")
        submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
        # Compiling queries takes longer than they take for so few images.
        settings = ["spark.ui.enabled=false", "spark.sql.shuffle.partitions=2", "spark.sql.codegen.wholeStage=false"]
        spark = [word for setting in settings for word in ("--conf", setting)]
        spark += ["--driver-memory", "1g", "--driver-java-options", "-XX:TieredStopAtLevel=1"]
        arguments = [str(argument) for argument in (submit, "--master", MASTER, *spark, EXAMPLE, *options)]
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)

    def output(self):
        out, _ = self.process.communicate()
        if self.process.returncode != 0:
            raise AssertionError(f"{out}\n{self.log.read_text()[-4000:]}")
        return out

    def kill_a_worker(self):
        """Kills the first Python worker that Spark forks; returns whether there was one."""
        while self.process.poll() is None:
            listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
            rows = [line.split(None, 2) for line in listed.splitlines()]
            below, daemons = {self.process.pid}, set()
            for _ in range(4):
                below |= {int(own) for own, parent, _ in rows if int(parent) in below}
            daemons = {int(own) for own, _, command in rows if int(own) in below and "pyspark.daemon" in command}
            workers = [int(own) for own, parent, _ in rows if int(parent) in daemons]
            if workers:
                time.sleep(0.3)
                os.kill(workers[0], signal.SIGKILL)
                return True
            time.sleep(0.02)
        return False


def clusters(out):
    """Each image's cluster."""
    rows = pyarrow.parquet.read_table(Path(out, "assignments")).to_pylist()
    return {row["path"]: row["cluster"] for row in rows}


class ClusterImages(unittest.TestCase):
    def test_result_second_run_and_a_killed_worker(self):
        with tempfile.TemporaryDirectory() as home:
            images = Path(home, "samples")
            shutil.copytree(SAMPLES, images)
            images.joinpath("cat", "notes.txt").write_text("not an image")
            # Characters that mean something in patterns and in URLs.
            name = "a [b] {c} 100%25 é*.jpg"
            images.joinpath("cat", sorted(os.listdir(SAMPLES / "cat"))[0]).rename(images / "cat" / name)
            options = ["--images", images, "--sample-size", 100, "--restarts", 1, "--chunk", 40]
            out, sample = Path(home, "out"), Path(home, "sample")

            printed = Run(home, *options, "--out", out, "--sample", sample, "--k", 4, 6).output()
            self.assertIn("embedded 61 of 61 new files", printed)
            self.assertIn("left out: 1 files, not-a-picture", printed)
            best, expected = self.check(images, out, sample), clusters(out)

            again = Run(home, *options, "--out", out, "--sample", Path(home, "again"), "--k", best).output()
            self.assertNotIn("embedded", again)
            self.assertEqual(clusters(out), expected)

            broken, other = Path(home, "broken"), Path(home, "other")
            run = Run(home, *options, "--out", broken, "--sample", other, "--k", best)
            self.assertTrue(run.kill_a_worker(), "there was no Python worker to kill")
            run.output()
            self.assertIn("Lost task", run.log.read_text())
            self.assertEqual(clusters(broken), expected)
            self.check(images, broken, other)

            shutil.rmtree(KEPT, ignore_errors=True)
            shutil.copytree(sample, KEPT / "sample")
            shutil.copytree(images, KEPT / "samples")

    def check(self, images, out, sample):
        """Compares what was written with the images; returns the number of clusters."""
        files = sorted((path for path in images.rglob("*") if path.is_file() and path.suffix != ".txt"), key=os.fsencode)
        names = [f"samples/{path.relative_to(images).as_posix()}" for path in files]
        embedder = shoal.Embedder()
        with np.load(sample / "features.npz") as read:
            self.assertEqual(read["names"].tolist(), names)
            np.testing.assert_array_equal(read["features"], embedder.embed(files))
            self.assertEqual(json.loads(read["shoal.json"]), embedder.spec)
            labels = read["labels"]
        session = json.loads((sample / "session.json").read_text())
        self.assertEqual([image["path"] for image in session["items"]], names)
        self.assertEqual([image["cluster"] for image in session["items"]], labels.tolist())
        self.assertEqual(sorted(clusters(out).values()), sorted(labels.tolist()))
        scores = [json.loads(line) for part in out.glob("scores/*.json") for line in part.read_text().splitlines()]
        best = max(scores, key=lambda score: score["silhouette"])["k"]
        self.assertEqual(len(set(labels.tolist())), best)
        # The samples are ten images of each of six kinds, which are easy to tell apart.
        kinds = np.array([path.parent.name for path in files])
        pure = sum(max(np.bincount(labels[kinds == kind])) for kind in set(kinds))
        self.assertGreater(pure, 48)
        return best


if __name__ == "__main__":
    unittest.main()
