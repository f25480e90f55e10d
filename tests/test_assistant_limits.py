"""Limits by address and in total, with a clock of real requests."""

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from assistant.limits import PublicLimits, network
from assistant.problems import install
from corpus.settings import Settings


def made(one: str, total: str) -> FastAPI:
    app = FastAPI()
    install(app)
    limits = PublicLimits(Settings.model_validate({"public_rate": one, "public_rate_total": total}))

    @app.get("/", dependencies=[Depends(limits)])
    def answer() -> str:
        return "ok"

    return app


def statuses(app: FastAPI, address: str, times: int) -> list[int]:
    client = TestClient(app, client=(address, 5000))
    return [client.get("/").status_code for _ in range(times)]


def test_each_address_has_its_own_limit() -> None:
    app = made("2/minute", "100/minute")
    assert statuses(app, "192.0.2.1", 4) == [200, 200, 429, 429]
    assert statuses(app, "192.0.2.2", 3) == [200, 200, 429]


def test_the_total_holds_for_all_addresses() -> None:
    app = made("10/minute", "3/minute")
    assert statuses(app, "192.0.2.1", 2) == [200, 200]
    assert statuses(app, "192.0.2.2", 2) == [200, 429]
    assert statuses(app, "192.0.2.3", 1) == [429]


def test_what_is_refused_uses_up_nothing() -> None:
    app = made("2/minute", "3/minute")
    assert statuses(app, "192.0.2.1", 9).count(200) == 2
    assert statuses(app, "192.0.2.2", 1) == [200]


def test_neighbours_in_an_ipv6_network_share_a_limit() -> None:
    app = made("1/minute", "100/minute")
    assert statuses(app, "2001:db8::1", 1) == [200]
    assert statuses(app, "2001:db8::ffff", 1) == [429]
    assert statuses(app, "2001:db8:0:1::1", 1) == [200]


def test_the_answer_says_in_both_languages_when_to_come_back() -> None:
    app = made("1/minute", "100/minute")
    client = TestClient(app)
    client.get("/")
    response = client.get("/")
    assert response.headers["content-type"] == "application/problem+json"
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert "質問が多すぎます" in response.json()["detail"]
    assert "too many questions" in response.json()["detail"]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_what_counts_as_one_asker(address: str, counted: str) -> None:
    assert network(address) == counted
