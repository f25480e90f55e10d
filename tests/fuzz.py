"""Fuzzes the loaders: `python -m tests.fuzz --loader docx --seconds 600`; exit 1 where something broke.

Each input must become a Document with exact offsets or a LoadError, within 10 s and 1.5 GB. Inputs that break
this are kept in the folder given by --out, one for each place that failed.
"""

import argparse
import faulthandler
import hashlib
import random
import subprocess
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # as pytest finds the modules beside this one

TIMEOUT_S = 10
MEMORY_MB = 1500
MAX_INPUT = 200_000  # bytes
SLOW_S = 3.0
NOT_STARTED = 1  # libFuzzer's own are 0, 70 (too slow), 71 (too large) and 77


def main() -> int:
    """Runs one loader, or each in turn."""
    from fuzz_seeds import SUFFIXES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loader", choices=[*SUFFIXES, "all"], required=True)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--out", type=Path, default=HERE.parent / "build" / "fuzz")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        return _fuzz(given.loader, given.seconds, given.out)
    kinds = list(SUFFIXES) if given.loader == "all" else [given.loader]
    found = sum(_run(kind, given.seconds, given.out / kind) for kind in kinds)
    return 1 if found else 0


def _run(kind: str, seconds: int, out: Path) -> int:
    """Fuzzes one loader in a process of its own, begun anew after each hang; gives how much was found."""
    from fuzz_seeds import seeds

    (out / "corpus").mkdir(parents=True, exist_ok=True)
    for data in seeds(kind):
        (out / "corpus" / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    until = time.monotonic() + seconds
    while (left := round(until - time.monotonic())) > 0:
        child = [sys.executable, "-m", "tests.fuzz", "--child", "--loader", kind]
        ended = subprocess.run(
            [*child, "--seconds", str(left), "--out", str(out)], cwd=HERE.parent, check=False
        )
        if ended.returncode == NOT_STARTED:
            return 1
    kept = sorted(path for path in out.iterdir() if path.is_file())
    print(f"{kind}: {len(kept)} findings", *kept, sep="\n  ", flush=True)
    return len(kept)


def _fuzz(kind: str, seconds: int, out: Path) -> int:
    """Fuzzes until the time is over; libFuzzer ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["corpus"]):
        import corpus.read  # noqa: F401
    from fuzz_made import check_reading
    from fuzz_mutate import mutate
    from fuzz_seeds import SUFFIXES

    name = "a" + SUFFIXES[kind]

    def one(data: bytes) -> None:
        began = time.process_time()
        try:
            check_reading(name, data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is kept, and fuzzing goes on
            _keep(out, name, data, error)
        if time.process_time() - began > SLOW_S:
            _write(out / f"slow-{hashlib.sha256(data).hexdigest()[:8]}-{name}", data)

    def changed(data: bytes, most: int, seed: int) -> bytes:
        choose = random.Random(seed)  # noqa: S311
        made = mutate(kind, data, choose) if choose.random() < 0.8 else atheris.Mutate(data, most)
        return made if len(made) <= most else data

    faulthandler.enable()
    limits = [f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={MEMORY_MB}", f"-max_total_time={seconds}"]
    shape = [f"-max_len={MAX_INPUT}", f"-artifact_prefix={out}/", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup(["fuzz", *limits, *shape, str(out / "corpus")], one, custom_mutator=changed)
    atheris.Fuzz()
    return 0


def _keep(out: Path, name: str, data: bytes, error: Exception) -> None:
    """Writes the input down, once for each place that fails; a shorter one takes a longer one's place."""
    frames = traceback.extract_tb(error.__traceback__)
    place = "-".join(f"{Path(frame.filename).stem}.{frame.lineno}" for frame in frames[-2:])
    path = out / f"{type(error).__name__}-{place}-{name}"
    if not path.exists():
        traceback.print_exception(error)
    if not path.exists() or len(data) < path.stat().st_size:
        _write(path, data)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


if __name__ == "__main__":
    raise SystemExit(main())
