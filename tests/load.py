"""A server under load: `python -m tests.load --users 64 --seconds 300 --out FILE` (make bench-load).

Visitors ask, read streams, search and open documents of the sample plans; figures are errors, latencies and the
server's memory as it goes on, once the first answer was given.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import httpx

from evals.measured import KEIKAKU, cpu_ticks, environment, memory_mb, provenance, publish, stolen_share

USERS = Path(__file__).with_name("load_users.py")
EVERY_S = 5.0


def watched(pid: int, ended: Event) -> tuple[Thread, list[int]]:
    """Memory of a process, noted until the end."""
    noted: list[int] = []

    def watch() -> None:
        while not ended.wait(EVERY_S):
            noted.append(memory_mb(pid))

    thread = Thread(target=watch, daemon=True)
    thread.start()
    return thread, noted


def loaded(url: str, users: int, seconds: int) -> dict[str, object]:
    """Lets visitors come; gives the figures of each kind of request, and what failed."""
    command = [
        sys.executable, "-m", "locust", "-f", str(USERS), "--headless", "--only-summary", "--host", url,
        "-u", str(users), "-r", str(max(1, users // 8)), "-t", f"{seconds}s", "--exit-code-on-error", "0",
    ]  # fmt: skip
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    figures: dict[str, object] = json.loads(next(line for line in said.splitlines() if line.startswith("{")))
    return figures


def measure(data_dir: Path, users: int, seconds: int) -> dict[str, object]:
    """All figures of one run."""
    command = [KEIKAKU, "serve", "--port", "0", "--samples"]
    with subprocess.Popen(command, env=environment(data_dir), stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://[\d.:]+", server.stdout.readline())
            assert found is not None
            ended = Event()
            first = httpx.post(
                f"{found.group()}/api/ask", json={"question": "計画期間は？"}, timeout=120, trust_env=False
            )
            first.raise_for_status()
            before = memory_mb(server.pid)
            thread, memory = watched(server.pid, ended)
            ticks = cpu_ticks()
            figures = loaded(found.group(), users, seconds)
            stolen = stolen_share(ticks)
            ended.set()
            thread.join()
        finally:
            server.terminate()
    third = max(1, len(memory) // 3)
    return {
        "users": users,
        "seconds": seconds,
        "stolen_share": stolen,
        **figures,
        "memory_mb": {
            "before": before,
            "first_third": max(memory[:third]),
            "last_third": max(memory[-third:]),
        },
    }


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as data_dir:
        figures = measure(Path(data_dir), arguments.users, arguments.seconds)
    took = round(time.monotonic() - begun)
    publish({**provenance("make bench-load"), "took_s": took, **figures}, arguments.out)


if __name__ == "__main__":
    main()
