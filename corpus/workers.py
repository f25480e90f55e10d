"""Files read in worker processes, with limits of time and memory: a bad one takes nothing else down."""

import os
import resource
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import RLock
from pathlib import Path

from corpus.document import content_version
from corpus.load_error import LoadError
from corpus.read import Ocr, ReadFile, file_bytes, read_bytes
from corpus.settings import Settings

FILES_A_WORKER = 200  # then a fresh one takes its place, so that no memory piles up
WAITING = 6  # files beyond those being read that are already handed out
SHARE_OF_OCR = 0.9  # of a file's seconds: the recogniser ends by itself before its worker is stopped
MIB = 1024 * 1024

FileRead = tuple[Path, str, ReadFile | LoadError]


@dataclass(frozen=True, slots=True)
class Limits:
    """How many processes read, and what one file may cost: seconds, and MiB of memory of its process.

    `ocr` names the languages in which scanned pages are recognised; None: they are refused.
    """

    workers: int = 2
    seconds: float = 600.0
    memory_mb: int = 1200
    ocr: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The limits that the settings name."""
        return cls(settings.parse_workers, settings.parse_seconds, settings.parse_memory_mb, settings.ocr)


class _LockKeeper(ForkServerContext):
    """Keeps its locks as long as it lives.

    Pebble lets go of the pool's locks before it stops the workers; one that is only then starting finds no lock
    and prints a traceback.
    """

    def __init__(self) -> None:
        super().__init__()
        self._locks: list[RLock] = []

    def RLock(self) -> RLock:  # noqa: N802  (the name is the base class's)
        """A lock that outlives the pool."""
        self._locks.append(super().RLock())
        return self._locks[-1]


class Workers:
    """Processes that read files, each within the limits; they start when they are needed."""

    def __init__(self, limits: Limits) -> None:
        from pebble import ProcessPool

        self._limits = limits
        self._ocr = Ocr(limits.ocr, SHARE_OF_OCR * limits.seconds) if limits.ocr else None
        # Not fork: this process has threads. The server that forks the workers imports our code once.
        context = _LockKeeper()
        context.set_forkserver_preload(["__main__", "corpus.read"])
        self._pool = ProcessPool(limits.workers, FILES_A_WORKER, _begin, (limits.memory_mb,), context)

    def begin(self, content: Path | bytes, source: str) -> Future[ReadFile]:
        """Lets a worker read a file, or a file's content."""
        arguments = (content, source, self._ocr)
        job: Future[ReadFile] = self._pool.schedule(_read, arguments, timeout=self._limits.seconds)
        return job

    def result(self, job: Future[ReadFile]) -> ReadFile | LoadError:
        """What was read, but for the file's content, or why it could not be."""
        from pebble import ProcessExpired

        try:
            return job.result()
        except LoadError as error:
            return error
        except TimeoutError:
            return _too_slow(self._limits)
        except MemoryError:
            return _too_large(self._limits)
        except ProcessExpired as error:  # killed, or a library crashed: out of memory is the usual reason
            return LoadError(f"{_too_large(self._limits)} ({error})")

    def close(self) -> None:
        """Stops the processes, also those at work."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def read_in_workers(files: Iterable[tuple[Path, str]], limits: Limits) -> Iterator[FileRead]:
    """Each (path, source) with what was read of it or why it could not be, in the order given.

    The order is kept so that the same files make the same indexes, however long each takes to read. Files are
    taken from `files` as results are, so that few of them wait in memory.
    """
    workers = Workers(limits)
    under_way: deque[tuple[Future[ReadFile], Path, str]] = deque()
    pending = iter(files)
    try:
        while True:
            for path, source in islice(pending, limits.workers + WAITING - len(under_way)):
                under_way.append((workers.begin(path, source), path, source))
            if not under_way:
                return
            job, path, source = under_way.popleft()
            yield path, source, with_content(workers.result(job), path)
    finally:
        workers.close()


def _begin(memory_mb: int) -> None:
    """Lets allocations beyond the limit fail in this worker, before the machine runs out of memory."""
    # What libraries print of a damaged file is no result of the command.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * MIB, memory_mb * MIB))


def _read(content: Path | bytes, source: str, ocr: Ocr | None) -> ReadFile:
    """The worker's side. The bytes stay behind: who stores the file reads them again instead of copying them over."""
    try:
        data = file_bytes(content) if isinstance(content, Path) else content
        return replace(read_bytes(source, data, ocr), data=b"")
    except RecursionError as error:
        raise LoadError("入れ子が深すぎます / nested too deeply") from error


def _too_slow(limits: Limits) -> LoadError:
    return LoadError(
        f"{limits.seconds:.0f}秒では読み終わりません。分けるか、KEIKAKU_PARSE_SECONDS を増やしてください"
        f" / not read within {limits.seconds:.0f} s: split the file or raise KEIKAKU_PARSE_SECONDS"
    )


def _too_large(limits: Limits) -> LoadError:
    return LoadError(
        f"読むのに {limits.memory_mb:,} MiB を超えるメモリが要ります。分けるか、"
        "KEIKAKU_PARSE_MEMORY_MB を増やしてください / reading it takes more than "
        f"{limits.memory_mb:,} MiB of memory: split the file or raise KEIKAKU_PARSE_MEMORY_MB"
    )


def with_content(file: ReadFile | LoadError, path: Path) -> ReadFile | LoadError:
    """What was read elsewhere, with the file's content; an error if that is another by now."""
    if isinstance(file, LoadError):
        return file
    try:
        data = file_bytes(path)
    except LoadError as error:
        return error
    if content_version(data) != file.version:
        return LoadError(
            "読み込みの途中でファイルが変わりました。もう一度追加してください"
            " / the file changed while it was read: add it again"
        )
    return replace(file, data=data)
