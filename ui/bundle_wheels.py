"""Wheels of exactly what runs here: the versions installed, what the project itself needs of them and no more."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Protocol

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index.progress import Progress

DISTRIBUTION = "keikaku-navi"
SOURCE = Path(__file__).parents[1]
PROJECT = "pyproject.toml"
POLL_S = 0.5
MADE_BY_PIP = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}  # at installing, not part of a wheel


class BundleError(RuntimeError):
    """A bundle that cannot be made; says what is wrong and what to do."""


class Pip(Protocol):
    """Runs pip with arguments; `folder` is where its temporary files may lie, `total` the wheels expected."""

    def __call__(
        self, arguments: Sequence[str], folder: Path, progress: Progress, total: int = 0
    ) -> None: ...


def run_pip(arguments: Sequence[str], folder: Path, progress: Progress, total: int = 0) -> None:
    """pip of the running interpreter, in a process of its own, with its settings: index, proxy, certificates.

    Raises:
        BundleError: with what pip said.
    """
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    came = 0  # at the end pip moves them elsewhere
    with tempfile.TemporaryFile("w+", errors="replace") as log:  # not in the folder, whose disk may be full
        environment = os.environ | {"TMPDIR": str(scratch)}
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        try:
            while process.poll() is None:
                if total:
                    came = max(came, len(list(scratch.rglob("*.whl"))))
                    progress("wheels", min(came, total), total)
                time.sleep(POLL_S)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()
        log.seek(0)
        lines = log.read().splitlines()
    if process.returncode != 0:
        said = dict.fromkeys([*(line for line in lines if line.startswith("ERROR")), *lines[-1:]])
        raise BundleError(
            f"pip {arguments[0]}: {' '.join(said)}. パッケージの入手先（pip の設定）と空き容量を確認して、"
            "もう一度実行してください / check that pip reaches its package index and that the disk has room,"
            " then run the command again"
        )


def required(name: str) -> dict[str, str]:
    """Name and version of each distribution that one needs in order to run here, itself left out.

    Raises:
        BundleError: one of them is not installed.
    """
    found: dict[str, str] = {}
    asked: set[tuple[str, str]] = set()
    waiting = [(name, "")]  # with the extra that is wanted
    while waiting:
        one, extra = waiting.pop()
        if (one, extra) in asked:
            continue
        asked.add((one, extra))
        distribution = installed(one)
        found[one] = distribution.version
        for requirement in map(Requirement, distribution.requires or []):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                key = canonicalize_name(requirement.name)
                waiting += [(key, wanted) for wanted in ("", *requirement.extras)]
    del found[name]
    return dict(sorted(found.items()))


def installed(name: str) -> metadata.Distribution:
    """The distribution of that name.

    Raises:
        BundleError: it is not installed.
    """
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError as error:
        raise BundleError(
            f"{name} がインストールされていません。計画ナビを入れ直してください"
            f" / {name} is not installed: install Keikaku Navi again"
        ) from error


def own_wheel(wheels: Path, scratch: Path, pip: Pip, progress: Progress) -> None:
    """The project's own wheel: built from the source where there is one, else packed from what is installed."""
    if not (SOURCE / PROJECT).is_file():
        pack(installed(DISTRIBUTION), wheels)
        return
    copy = scratch / "source"  # setuptools writes beside what it builds
    _copy_source(SOURCE, copy)
    pip(["wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(copy)], scratch, progress)


def _copy_source(source: Path, target: Path) -> None:
    """What a wheel is built from, as pyproject.toml names it."""
    described = tomllib.loads((source / PROJECT).read_text("utf-8"))
    project = described["project"]
    target.mkdir()
    for name in (PROJECT, project["readme"], *project["license-files"]):
        shutil.copy(source / name, target / name)
    for name in {one.split(".")[0] for one in described["tool"]["setuptools"]["packages"]}:
        shutil.copytree(source / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))


def pack(distribution: metadata.Distribution, folder: Path) -> Path:
    """The wheel that a distribution was installed from, made again of its files (binary distribution format)."""
    described = distribution.read_text("WHEEL") or ""
    tag = next(line.split(": ")[1] for line in described.splitlines() if line.startswith("Tag: "))
    stem = f"{distribution.name.replace('-', '_')}-{distribution.version}"
    wheel = folder / f"{stem}-{tag}.whl"
    records = []
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in _packable(distribution):
            data = path.read_bytes()
            archive.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            records.append(f"{name},sha256={digest},{len(data)}\n")
        record = f"{stem}.dist-info/RECORD"
        archive.writestr(record, "".join([*records, f"{record},,\n"]))
    return wheel


def _packable(distribution: metadata.Distribution) -> Iterator[tuple[str, Path]]:
    """(name in the wheel, file): scripts are made anew at installing, and compiled files as they are needed."""
    files: Iterable[metadata.PackagePath] = distribution.files or []
    for file in files:
        made = file.parent.suffix == ".dist-info" and file.name in MADE_BY_PIP
        if not (made or ".." in file.parts or file.suffix == ".pyc"):
            yield file.as_posix(), Path(str(distribution.locate_file(file)))
