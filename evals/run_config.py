"""What made a run: code, cases, settings, models, index. Saved before the work begins."""

import hashlib
import importlib.metadata
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from corpus import passages
from corpus.catalog import Catalog
from corpus.settings import Settings
from index import tokens
from index.generation import POINTER


def run_config(
    name: str, cases: bytes, count: int, settings: Settings, identity: Mapping[str, object]
) -> dict[str, object]:
    """What made the run: code, cases, settings without secrets; `identity`: models, generation, generator."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": installed_version(),
        "commit": git_commit(),
        "cases": {
            "file": name,
            "sha256": hashlib.sha256(cases).hexdigest(),
            "count": count,
        },
        "settings": open_settings(settings),
        "identity": dict(identity),
    }


def identity_of(settings: Settings) -> dict[str, object]:
    """Models, rules, the live generation, the catalog's revision and its documents; the library exists."""
    catalog = Catalog(settings.catalog_url)
    records = catalog.records()
    digest = hashlib.sha256(repr([(one.source, one.version) for one in records]).encode()).hexdigest()
    pointer = settings.data_dir / "generations" / POINTER
    found: dict[str, object] = {
        "embedder": settings.embedder,
        "tokenizer": tokens.identity(),
        "passage_rules": passages.RULES,
        "reranker": settings.reranker,
        "llm": settings.llm_model or settings.llm,
        "generation": pointer.read_text("utf-8") if pointer.exists() else None,
        "revision": catalog.revision(),
        "documents": {"count": len(records), "digest": digest[:16]},
    }
    catalog.close()
    return found


def open_settings(settings: Settings) -> dict[str, object]:
    """Settings that may be shown: no secret; of URLs scheme, host and port, since the rest may hold a key."""
    shown = settings.model_dump(mode="json")
    for name, value in settings:
        if isinstance(value, SecretStr):
            del shown[name]
        elif name.endswith("_url") and value:
            parts = urlsplit(value)
            shown[name] = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return shown


def installed_version() -> str | None:
    """The version of the installed distribution; None where the checkout is run without being installed."""
    try:
        return importlib.metadata.version("keikaku-navi")
    except importlib.metadata.PackageNotFoundError:
        return None


def git_commit() -> str | None:
    """The commit this code stands at, `-dirty` behind it where files differ; None outside a git checkout."""
    command = ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude", "*"]
    try:
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
