"""A folder from which the product is installed where there is no network: wheels, weights, sums and a script.

Layout: `wheels/*.whl`, `models/<name>/…`, `constraints.txt`, `install.sh`, `README.md`, `SHA256SUMS`.
"""

import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.local_llm import NAME as LOCAL_LLM
from corpus.settings import Settings
from index.checksum import sha256_of
from index.known import KNOWN, KnownEncoder, KnownModel, KnownReranker
from index.model_folder import verify
from index.models import fetch
from index.progress import Progress, silent
from ui.bundle_wheels import DISTRIBUTION, BundleError, Pip, installed, own_wheel, required, run_pip

__all__ = ["Bundle", "BundleError", "make_bundle"]

SUMS = "SHA256SUMS"
TEXTS = Path(__file__).with_name("offline")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was made: its folder, how many wheels, and the bytes of all files."""

    folder: Path
    wheels: int
    size: int


def make_bundle(
    target: Path,
    settings: Settings,
    progress: Progress = silent,
    with_llm: bool = False,
    *,
    pip: Pip = run_pip,
) -> Bundle:
    """Makes the folder, whole or not at all; it is for machines like this one: same Python, system, processor.

    Raises:
        BundleError: the folder is not empty, the model is not one we know, the package index cannot be reached,
            the disk is full.
        ModelError: the weights cannot be fetched.
    """
    target = target.absolute()
    _refuse_folder(target)
    models = [_bundled("KEIKAKU_EMBEDDER", settings.embedder, KnownEncoder)]
    if settings.reranker is not None:
        models.append(_bundled("KEIKAKU_RERANKER", settings.reranker, KnownReranker))
    if with_llm:
        models.append(LOCAL_LLM)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}.", suffix=".partial", dir=target.parent
        ) as beside:
            scratch, made = Path(beside), Path(beside, "bundle")
            made.mkdir()
            count = _collect_wheels(made, scratch, pip, progress)
            for name in models:
                shutil.copytree(fetch(name, settings.model_dir, progress), made / "models" / name)
                verify(made / "models" / name)
            _write_texts(made)
            size = _write_sums(made)
            made.rename(target)
    except OSError as error:
        raise BundleError(
            f"{target}: {error}. 書き込める場所と空き容量（2 GB、--llm なら4 GB）を確認してください"
            " / expected a folder that can be written, with 2 GB of room (4 GB with --llm)"
        ) from error
    return Bundle(target, count, size)


def _refuse_folder(target: Path) -> None:
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise BundleError(
            f"{target} は空ではありません。ないフォルダーか空のフォルダーを指定してください"
            " / is there and not empty: name a folder that is empty or not there"
        )


def _bundled(setting: str, name: str, kind: type[KnownModel]) -> str:
    """The name of a model that can be bundled."""
    if not isinstance(KNOWN.get(name), kind):
        known = ", ".join(known for known, model in KNOWN.items() if isinstance(model, kind))
        raise BundleError(
            f"{setting}={name!r}: 同梱できるのは {known} です。ほかのモデルはフォルダーごと運んで、"
            f"{setting} にその場所を設定してください"
            f" / only {known} can be bundled: carry the folder of any other model, and name it in {setting}"
        )
    return name


def _collect_wheels(made: Path, scratch: Path, pip: Pip, progress: Progress) -> int:
    """Puts all wheels and their versions into the folder, and lets pip show that they are enough."""
    wheels, versions = made / "wheels", made / "constraints.txt"
    wheels.mkdir()
    pins = required(DISTRIBUTION) | {"pip": installed("pip").version}
    versions.write_text("".join(f"{name}=={version}\n" for name, version in sorted(pins.items())), "utf-8")
    fetching = ["wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), "--requirement", str(versions)]
    pip(fetching, scratch, progress, len(pins))
    own_wheel(wheels, scratch, pip, progress)
    from_wheels = ["--no-index", "--find-links", str(wheels), "--constraint", str(versions)]
    pip(
        ["install", "--quiet", "--dry-run", "--ignore-installed", *from_wheels, DISTRIBUTION],
        scratch,
        progress,
    )
    count = len(list(wheels.iterdir()))
    progress("wheels", count, count)
    return count


def _write_texts(made: Path) -> None:
    """The script and its page, with what the machine there must be like."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for source in TEXTS.iterdir():
        text = source.read_text("utf-8").replace("@PYTHON@", version)
        (made / source.name).write_text(text.replace("@MACHINE@", _machine()), "utf-8")
    (made / "install.sh").chmod(0o755)
    made.chmod(0o755)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}"


def _write_sums(made: Path) -> int:
    """SHA-256 of every file, as `sha256sum --check` reads it; gives the bytes of all."""
    lines, size = [], 0
    for root, folders, names in os.walk(made):
        folders.sort()
        for path in (Path(root, name) for name in sorted(names)):
            lines.append(f"{sha256_of(path)}  {path.relative_to(made).as_posix()}\n")
            size += path.stat().st_size
    (made / SUMS).write_text("".join(lines), "utf-8")
    return size
