"""Features and clusters of images, the same as in Shoal's web page and command."""

from collections.abc import Sequence
from os import PathLike
from typing import Any, Literal, final

import numpy as np
import numpy.typing as npt

__version__: str

class Error(Exception):
    """Something failed."""

    code: str
    """The stable code, for instance ``not-a-picture``; Shoal's README lists all of them."""
    index: int
    """The index of the image that is the cause; only on errors of :meth:`Embedder.embed`."""

@final
class Embedder:
    """A network that embeds images. It can be used from several threads."""

    def __new__(
        cls,
        weights: str | PathLike[str] | None = None,
        model: Literal["mobilenet-v2", "efficientnet-lite0"] | None = None,
        size: int | None = None,
        threads: int | None = None,
    ) -> "Embedder":
        """Loads a network.

        :param weights: a weights file of Shoal, or a checkpoint of torchvision or timm; by default those of
            the network.
        :param model: the network: ``efficientnet-lite0`` needs ``weights``, or those that ``scripts/fetch-weights`` fetches;
            by default, as in the page, it is chosen if they are there. With ``weights``, those of another network are refused.
        :param size: the side in pixels that images are resized to, a multiple of 32; by default that of the network.
        :param threads: the number of threads; by default one per core.
        :raises Error: if the weights cannot be used.
        """

    def embed(self, images: Sequence[bytes | bytearray | str | PathLike[str]]) -> npt.NDArray[np.float32]:
        """The features of image files, given by their bytes or their paths: shape ``[n, dims]``.

        Other Python threads run meanwhile. An image's features do not depend on the others.

        :raises Error: for the first image that cannot be read; ``index`` says which.
        """

    @property
    def model(self) -> str:
        """The network's name."""

    @property
    def size(self) -> int:
        """The side in pixels that images are resized to."""

    @property
    def dims(self) -> int:
        """The number of features of an image."""

    @property
    def spec(self) -> dict[str, Any]:
        """How features are computed, as in the member ``shoal.json`` of a features file."""

@final
class Clustering:
    """Rows in clusters."""

    @property
    def k(self) -> int:
        """The number of clusters."""

    @property
    def labels(self) -> npt.NDArray[np.int32]:
        """Each row's cluster, from 0; -1 for an outlier. KMeans numbers the largest cluster 0."""

    @property
    def silhouettes(self) -> npt.NDArray[np.float32]:
        """Each row's silhouette, from -1 to 1; NaN where it is undefined."""

    @property
    def curve(self) -> list[tuple[int, float | None]] | None:
        """The mean silhouette for every k that was tried; only with ``k="auto"``."""

    @property
    def proposals(self) -> list[int] | None:
        """Other good values of k, best first; only with ``k="auto"``."""

def cluster(
    features: npt.ArrayLike,
    k: int | Literal["auto"] | None = "auto",
    seed: int = 0,
    recipe: Literal["smooth", "spherical", "umap", "plain"] | None = None,
    method: Literal["kmeans", "hdbscan", "ward"] = "kmeans",
    restarts: int | None = 10,
    min_cluster_size: int | None = None,
) -> Clustering:
    """Clusters features, shape ``[n, d]``, with the options of the page; without ``recipe``, ``smooth`` for KMeans and
    ``spherical`` for the other methods.

    The same rows in the same order give the same clusters as the page and the command, which sort images by path.

    :raises Error: for options out of range and for values that are not finite.
    """
