"""A model's folder on disk: its manifest, its digest, its prompts. Reads files only, no heavy library."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from index.checksum import sha256_of
from index.known import KnownModel, ModelError

MANIFEST = "manifest.json"
PROMPTS_FILE = "config_sentence_transformers.json"
PASSAGE_PROMPT_NAMES = ("document", "passage", "corpus")  # the order in which sentence-transformers looks
SAMPLED_ABOVE = 16 << 20
SAMPLES = 64
SAMPLE_BYTES = 1 << 16


class Prompts(NamedTuple):
    """What is put in front of a question and of a passage."""

    query: str
    passage: str


class FileRecord(BaseModel):
    """Size in bytes and SHA-256 of a file as it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What a folder we made is and holds; `files` lists every file but the manifest itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    identity: str
    origin: str
    licence: str
    copyright: str
    sources: dict[str, str]
    files: dict[str, FileRecord]
    dimensions: int | None = None  # of an embedding model
    max_tokens: int | None = None


def write_notice(model: KnownModel, folder: Path, changed: str = "") -> None:
    """The file that says whose work the folder holds and under which licence."""
    lines = [model.name, model.copyright, f"Licence: {model.licence}", f"Origin: {model.origin}", changed]
    (folder / "NOTICE").write_text("\n".join(filter(None, lines)) + "\n", encoding="utf-8")


def repair(name: str) -> str:
    """The sentence that tells how a folder is made again."""
    return f"次のコマンドで直してください / repair with: keikaku model fetch {name}"


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Every file under the folder, by its path relative to it."""
    return {
        path.relative_to(folder).as_posix(): FileRecord(bytes=path.stat().st_size, sha256=sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder we made.

    Raises:
        ModelError: it is missing or cannot be read; names the repair.
    """
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(f"{folder / MANIFEST}: {error}. {repair(folder.name)}") from error


def verify(folder: Path) -> Manifest:
    """Compares every file with the manifest by size and SHA-256.

    Raises:
        ModelError: names the first file that is missing or differs, and the repair.
    """
    manifest = read_manifest(folder)
    for name, made in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path} がありません / is missing. {repair(manifest.name)}")
        size = path.stat().st_size
        if size != made.bytes or sha256_of(path) != made.sha256:
            raise ModelError(f"{path} が壊れています / differs from its manifest. {repair(manifest.name)}")
    return manifest


def read_prompts(folder: Path, name: str) -> Prompts:
    """The model's own prompts; those of the E5 family where its configuration is silent; else none."""
    path = folder / PROMPTS_FILE
    own = json.loads(path.read_text(encoding="utf-8")).get("prompts") or {} if path.is_file() else {}
    passage = next((own[key] for key in PASSAGE_PROMPT_NAMES if own.get(key)), "")
    if not (own.get("query") or passage) and "e5-" in name.lower():
        return Prompts("query: ", "passage: ")  # its model cards ask for them, its configuration lacks them
    return Prompts(own.get("query") or "", passage)


def identify(folder: Path, name: str) -> str:
    """Name and digest that tell this model from any other, without loading it.

    A folder we made says so itself. Of any other folder all small files count, and large ones by their size
    and 64 samples: a retrained model differs in all of its weights.
    """
    if (folder / MANIFEST).is_file():
        return read_manifest(folder).identity
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
        digest.update(
            bytes.fromhex(sha256_of(path) if path.stat().st_size <= SAMPLED_ABOVE else _sampled(path))
        )
    return f"{name}@{digest.hexdigest()[:16]}"


def _sampled(path: Path) -> str:
    digest = hashlib.sha256()
    last = path.stat().st_size - SAMPLE_BYTES
    with path.open("rb") as data:
        for number in range(SAMPLES):
            data.seek(last * number // (SAMPLES - 1))
            digest.update(data.read(SAMPLE_BYTES))
    return digest.hexdigest()
