"""What visitors do, for locust: `locust -f tests/load_users.py` (make bench-load). They change nothing."""

import json
import random

from locust import HttpUser, between, events, task
from locust.env import Environment
from locust.stats import StatsEntry

from evals.bench import CASES
from evals.cases import read_cases

QUESTIONS = [case.question for case in read_cases(CASES)]


class Visitor(HttpUser):
    """Asks, follows a stream, searches, opens sources; thinks in between."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        """Knows which documents there are."""
        self.documents = [one["id"] for one in self.client.get("/api/documents").json()["documents"]]

    @task(4)
    def ask(self) -> None:
        """A question, and its whole answer."""
        self.client.post("/api/ask", json={"question": random.choice(QUESTIONS)}, name="ask")  # noqa: S311

    @task(2)
    def stream(self) -> None:
        """A question whose answer is read as it comes; the last event is the answer."""
        body = {"question": random.choice(QUESTIONS), "stream": True}  # noqa: S311
        with self.client.post("/api/ask", json=body, name="stream", catch_response=True) as response:
            if "event: answer" not in response.text:
                response.failure("no answer at the end")

    @task(2)
    def search(self) -> None:
        """A search."""
        self.client.get("/api/search", params={"q": random.choice(QUESTIONS)}, name="search")  # noqa: S311

    @task(1)
    def view(self) -> None:
        """A document with a span highlighted."""
        self.client.get(f"/documents/{random.choice(self.documents)}?start=0&end=40", name="view")  # noqa: S311


@events.quitting.add_listener
def tell(environment: Environment, **_: object) -> None:
    """Prints the figures of each kind, and what failed how often, as one line of JSON."""
    requests = {name: figures(entry) for (name, _), entry in environment.stats.entries.items()}
    errors = {f"{one.name}: {one.error}": one.occurrences for one in environment.stats.errors.values()}
    print(json.dumps({"requests": requests, "errors": errors}))


def figures(entry: StatsEntry) -> dict[str, float]:
    """Requests, failures, and milliseconds of one kind of request."""
    return {
        "requests": entry.num_requests,
        "failures": entry.num_failures,
        "p50_ms": entry.get_response_time_percentile(0.5),
        "p95_ms": entry.get_response_time_percentile(0.95),
    }
