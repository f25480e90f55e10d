"""Files read and embedded by the machines of a Ray cluster. The catalog stays with the caller, its only writer."""

import logging
import os
import pickle
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from corpus.load_error import LoadError
from corpus.records import Identity
from corpus.settings import Settings
from corpus.workers import with_content
from index.cluster_reader import Embedded, FileReader, Recipe, content_of

READING_AHEAD = 2  # files whose content is on its way to the cluster at once
HERE = "local"  # the address that begins a cluster of this machine alone
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
MISSING = (
    "--ray には追加のパッケージが要ります：pip install 'keikaku-navi[ray]' / "
    "--ray needs further packages: pip install 'keikaku-navi[ray]'"
)
CLIENT = (
    "ray:// では接続できません。文書のある計算機を `ray start --address=…` でクラスターに加え、auto を指定してください"
    " / not by ray://: let the machine that has the documents join (`ray start --address=…`) and name auto"
)


class ClusterError(RuntimeError):
    """A cluster that cannot be reached or cannot do what is asked; says what to do."""


def read_on(
    address: str, files: list[tuple[Path, str]], settings: Settings, identity: Identity
) -> Iterator[tuple[Path, str, Embedded | LoadError]]:
    """Each (path, source) as the cluster read and embedded it, or why it could not be, in the order given.

    The bytes go from this machine, which is one of the cluster, to readers that hold the model, one to each
    processor; few of them are on their way at once. A reader that dies is started again, with its file.

    Raises:
        ClusterError: the cluster cannot be reached, its machines lack the project or hold another version.
    """
    if not files:
        return
    recipe = Recipe.of(settings, identity)
    with _connected(address) as ray, closing(_results(ray, files, recipe)) as results:
        for path, source in files:
            result = _next(ray, results, address)
            if isinstance(result, Embedded):
                content = with_content(result.file, path)
                result = content if isinstance(content, LoadError) else Embedded(content, result.vectors)
            yield path, source, result


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Ray, told to send nothing anywhere and to leave the terminal to us."""
    if address.startswith("ray://"):
        raise ClusterError(CLIENT)
    os.environ |= QUIET
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ClusterError(MISSING) from error
    options: dict[str, Any] = {"include_dashboard": False} if address == HERE else {}
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what fails is raised as well
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL, **options)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ClusterError(
            f"--ray {address}: クラスターにつながりません / the cluster cannot be reached: {_first_line(error)}. "
            "auto（この計算機のクラスター）、ホスト:ポート、local のどれかと、"
            "合言葉があれば RAY_AUTH_TOKEN を指定してください"
            " / expected auto (the cluster of this machine), host:port or local, and RAY_AUTH_TOKEN if it has a token"
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _results(ray: Any, files: list[tuple[Path, str]], recipe: Recipe) -> Generator[dict[str, bytes]]:
    """Rows of pickled results in the order of the files."""
    data = ray.data
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True  # the same files make the same indexes
    rows = [{"path": os.fsencode(path.absolute()), "source": source} for path, source in files]
    here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
    readers = min(len(rows), max(1, int(ray.cluster_resources().get("CPU", 1))))
    contents = data.from_items(rows, override_num_blocks=len(rows)).map(
        content_of,
        compute=data.TaskPoolStrategy(size=min(len(rows), READING_AHEAD)),
        num_cpus=0,
        label_selector=here,
    )
    made = contents.map(
        FileReader,
        fn_constructor_args=(recipe,),
        compute=data.ActorPoolStrategy(size=readers),
        num_cpus=1,
    )
    yield from made.iter_rows()


def _next(ray: Any, results: Iterator[dict[str, bytes]], address: str) -> Embedded | LoadError:
    try:
        row = next(results)
    except ray.exceptions.RayError as error:
        raise ClusterError(
            f"--ray {address}: クラスターで処理できません。どの計算機にも同じ版の計画ナビを入れてください"
            f" / the cluster cannot do it; each machine needs this version of Keikaku Navi: {_last_line(error)}"
        ) from error
    # From our own readers: who may write to the cluster's memory may run programs there anyway.
    result: Embedded | LoadError = pickle.loads(row["result"])  # noqa: S301
    return result


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")


def _last_line(error: Exception) -> str:
    return str(error).strip().rpartition("\n")[2]
