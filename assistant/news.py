"""Long work over the library, told as lines of JSON while it goes on."""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

from corpus.catalog import CatalogError
from index.generation_error import GenerationError
from index.known import ModelError
from index.progress import Progress

LINES = "application/x-ndjson"
REFUSED = (CatalogError, GenerationError, ModelError, OSError)

Tell = Callable[[dict[str, Any]], None]


def lines(work: Callable[[Tell], None]) -> Iterator[bytes]:
    """Does the work in a thread of its own, so that it is finished even if whoever asked goes away.

    The last line is `done`, `missing` or `error`; without one the work broke off.
    """
    news: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def do() -> None:
        try:
            work(news.put)
            news.put({"kind": "done"})
        except KeyError as missing:
            news.put({"kind": "missing", "id": missing.args[0]})
        except REFUSED as error:
            news.put({"kind": "error", "message": str(error)})
        finally:
            news.put(None)

    threading.Thread(target=do, name="change").start()
    for line in iter(news.get, None):
        yield (json.dumps(line, ensure_ascii=False) + "\n").encode()


def telling(tell: Tell) -> Progress:
    """A Progress whose news are lines of the kind `progress`."""

    def progress(stage: str, done: int, total: int, note: str = "") -> None:
        tell({"kind": "progress", "stage": stage, "done": done, "total": total, "note": note})

    return progress
