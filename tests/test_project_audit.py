"""The audit of packages: fails on what is found, not where nothing can be looked up."""

import json

import httpx
import pytest
from audit import CONSTRAINTS, audited, pinned

PACKAGES = [("good", "1.0"), ("bad", "2.0")]


def client(answer: httpx.Response | Exception) -> httpx.Client:
    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        assert [one["package"]["name"] for one in json.loads(request.content)["queries"]] == ["good", "bad"]
        return answer

    return httpx.Client(transport=httpx.MockTransport(handle))


def test_a_known_weakness_fails(capsys: pytest.CaptureFixture[str]) -> None:
    answer = httpx.Response(200, json={"results": [{}, {"vulns": [{"id": "PYSEC-1"}]}]})
    assert audited(client(answer), PACKAGES) == 1
    assert "bad 2.0: PYSEC-1" in capsys.readouterr().err


def test_none_passes() -> None:
    assert audited(client(httpx.Response(200, json={"results": [{}, {}]})), PACKAGES) == 0


@pytest.mark.parametrize("answer", [httpx.ConnectError("no route"), httpx.Response(403)])
def test_a_closed_network_is_said_and_no_failure(
    answer: httpx.Response | Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audited(client(answer), PACKAGES) == 0
    assert "2 packages were not looked up" in capsys.readouterr().out


def test_every_pin_is_read() -> None:
    lines = [
        line for line in CONSTRAINTS.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    assert len(pinned(CONSTRAINTS.read_text("utf-8"))) == len(lines)
