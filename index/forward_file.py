"""The forward index in a file, so that a large library opens without reading its whole catalog.

An archive of arrays with checksums. It shows one revision of the catalog; where there is none, or it is broken or
shows another revision, the index is made of the catalog. What is told from a document's name is told anew.
"""

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.atomic import written_atomically
from index.forward import ForwardIndex, Vocabulary
from index.forward_build import placed
from index.ragged import Ragged

LAYOUT = 1  # counts up when what stands in the file means something else
BETWEEN = "\n"  # stands in no token and no id
ARRAYS = ("document", "section", "titles", "sections", "passages", "frequencies", "in_text")


def save(index: ForwardIndex, path: Path, revision: int) -> None:
    """Writes the index as what shows a revision of the catalog, all or nothing.

    Raises:
        OSError: it cannot be written; what stood there is untouched.
    """
    documents = [(one.id, one.visibility, one.named, one.aliases) for one in index.documents]
    with written_atomically(path) as out:
        np.savez(
            out,
            shows=np.array([LAYOUT, revision]),
            vocabulary=_bytes(index.vocabulary),
            ids=_bytes(index.ids),
            placed=np.frombuffer(json.dumps(documents, ensure_ascii=False).encode(), np.uint8),
            sentence_vectors=index.sentences.flat,
            sentence_offsets=index.sentences.offsets,
            token_numbers=index.tokens.flat,
            token_offsets=index.tokens.offsets,
            **{name: getattr(index, name) for name in ARRAYS},
        )


def load(path: Path, revision: int) -> ForwardIndex | None:
    """The index that shows a revision of the catalog, or None."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            if found["shows"].tolist() != [LAYOUT, revision]:
                return None
            return ForwardIndex(
                vocabulary=Vocabulary(
                    (token, number) for number, token in enumerate(_strings(found["vocabulary"]), start=1)
                ),
                ids=tuple(_strings(found["ids"])),
                documents=tuple(
                    placed(key, visibility, named, ((short, long) for short, long in aliases))
                    for key, visibility, named, aliases in json.loads(found["placed"].tobytes())
                ),
                sentences=Ragged(found["sentence_vectors"], found["sentence_offsets"]),
                tokens=Ragged(found["token_numbers"], found["token_offsets"]),
                **{name: found[name] for name in ARRAYS},
            )
    except (OSError, EOFError, RuntimeError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def _bytes(strings: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer(BETWEEN.join(strings).encode(), np.uint8)


def _strings(data: NDArray[np.uint8]) -> list[str]:
    return data.tobytes().decode().split(BETWEEN) if len(data) else []
