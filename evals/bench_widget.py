"""Citizens at the window at the same time, over a real server: `make bench-widget`.

A visitor opens the page and asks one question after the other as the page does (server-sent events), looks at what is
suggested and votes now and then. Half of the questions are asked by everybody, half of them by one visitor alone, so
that answers out of memory and fresh ones are both in it. Limits and proof of work are put out of the way.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

import httpx

from evals.measured import (
    KEIKAKU,
    cpu_ticks,
    environment,
    memory_mb,
    provenance,
    publish,
    stolen_share,
)

CASES = Path(__file__).parent / "data" / "sample_cases.jsonl"
OPEN_LIMITS = {
    "KEIKAKU_PUBLIC_RATE": "1000000/minute",
    "KEIKAKU_PUBLIC_RATE_DAY": "1000000/day",
    "KEIKAKU_PUBLIC_RATE_TOTAL": "1000000/minute",
    "KEIKAKU_PUBLIC_RATE_TOTAL_DAY": "1000000/day",
    "KEIKAKU_PROOF_SHARE": "1",
}
READS_S = (1.0, 4.0)  # how long a visitor reads an answer; a hurried one, so that the load is high
LANGUAGES = ("ja", "ja", "ja", "ja-simple", "en", "zh", "ko", "vi")


class Visits:
    """What the visitors met with: seconds of each answer, statuses of answers, errors."""

    def __init__(self, url: str, questions: list[str]) -> None:
        self._url, self._questions = url, questions
        self.seconds: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.errors: list[str] = []

    async def visit(self, number: int, until: float) -> None:
        """One visitor, until the time is over."""
        choice = random.Random(number)  # noqa: S311 (visitors, not secrets)
        address = {"X-Forwarded-For": f"198.51.100.{number}"}
        async with httpx.AsyncClient(base_url=self._url, headers=address, timeout=60) as client:
            language = choice.choice(LANGUAGES)
            self._expect(await client.get("/widget", params={"lang": language}))
            while time.perf_counter() < until:
                asked = choice.choice(self._questions)
                own = f"{asked}（{number}）" if choice.random() < 0.5 else asked
                answer = await self._ask(client, own, language)
                if answer and choice.random() < 0.2:
                    vote = {"answer_id": answer, "vote": "up"}
                    self._expect(await client.post("/api/public/feedback", json=vote))
                await asyncio.sleep(choice.uniform(*READS_S))

    async def _ask(self, client: httpx.AsyncClient, question: str, language: str) -> str | None:
        begun = time.perf_counter()
        body = {"question": question, "language": language, "stream": True}
        reply = await client.post("/api/public/ask", json=body)
        self._expect(reply)
        name, _, data = reply.text.strip().rpartition("\n\n")[2].partition("\n")
        if name != "event: answer":
            self.errors.append(f"no answer: {reply.text[-200:]}")
            return None
        self.seconds.append(time.perf_counter() - begun)
        answer = json.loads(data.removeprefix("data: "))
        self.statuses[answer["status"]] += 1
        said: str = answer["id"]
        self._expect(
            await client.get("/api/public/suggestions", params={"after": said, "language": language})
        )
        return said

    def _expect(self, reply: httpx.Response) -> None:
        if reply.is_error:
            self.errors.append(f"{reply.request.url.path}: {reply.status_code}")


async def all_visits(visits: Visits, visitors: int, seconds: float) -> None:
    """The visitors at the same time."""
    until = time.perf_counter() + seconds
    await asyncio.gather(*(visits.visit(number, until) for number in range(1, visitors + 1)))


def measured(visitors: int, seconds: float, port: int) -> dict[str, object]:
    """Serves the sample plans, lets the visitors in, and says what they met with."""
    questions = [json.loads(line)["question"] for line in CASES.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as home:
        command = [KEIKAKU, "serve", "--port", str(port), "--samples"]
        server = subprocess.Popen(command, env={**os.environ, **environment(Path(home)), **OPEN_LIMITS})
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url, server)
            before, ticks = memory_mb(server.pid), cpu_ticks()
            visits = Visits(url, questions)
            asyncio.run(all_visits(visits, visitors, seconds))
            after, stolen = memory_mb(server.pid), stolen_share(ticks)
        finally:
            server.terminate()
            server.wait()
    p95 = quantiles(visits.seconds, n=20)[-1]
    return {
        "visitors": visitors,
        "seconds": seconds,
        "stolen_share": stolen,
        "answers": len(visits.seconds),
        "answers_a_second": round(len(visits.seconds) / seconds, 1),
        "p50_ms": round(1000 * median(visits.seconds)),
        "p95_ms": round(1000 * p95),
        "longest_ms": round(1000 * max(visits.seconds)),
        "statuses": dict(visits.statuses),
        "memory_mb": {"before": before, "after": after},
        "errors": visits.errors,
    }


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server is ready; its first start adds the samples."""
    while server.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise SystemExit("the server did not start")


def main() -> None:
    """Measures, writes and prints; exit 1 if a visitor met with an error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--port", type=int, default=18230)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    report = measured(given.visitors, given.seconds, given.port)
    publish({**provenance("make bench-widget"), **report}, given.out)
    raise SystemExit(bool(report["errors"]))


if __name__ == "__main__":
    main()
