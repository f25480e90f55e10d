"""Pause switch, proof of work and the address behind a proxy, in front of the citizens' questions."""

import base64
import json
from typing import Any

import pytest
from altcha import Challenge, solve_challenge
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from assistant.problems import install
from assistant.proof import HEADER, Proofs
from assistant.public_door import PublicDoor
from corpus.settings import Settings


def door(address: str = "192.0.2.1", **settings: Any) -> TestClient:
    app = FastAPI()
    install(app)

    @app.get("/", dependencies=[Depends(PublicDoor(Settings.model_validate(settings)))])
    def enter() -> str:
        return "ok"

    return TestClient(app, client=(address, 5000))


def solved(challenge: dict[str, Any]) -> str:
    solution = solve_challenge(Challenge.from_dict(challenge))
    assert solution is not None
    answer = {"counter": solution.counter, "derivedKey": solution.derived_key, "time": 1}
    return base64.b64encode(json.dumps({"challenge": challenge, "solution": answer}).encode()).decode()


def test_while_paused_all_are_told_why() -> None:
    reply = door(public_paused="年末年始は休みます").get("/")
    assert (reply.status_code, reply.json()["paused"], reply.json()["detail"]) == (
        503,
        True,
        "年末年始は休みます",
    )


def test_when_many_ask_a_proof_is_asked_for_and_taken_once() -> None:
    client = door(public_rate_total="4/minute", proof_share=0.5)
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 428]
    proof = solved(client.get("/").json()["challenge"])
    assert client.get("/", headers={HEADER: proof}).status_code == 200
    assert client.get("/", headers={HEADER: proof}).status_code == 428
    other = solved(Proofs(Settings()).challenge())
    assert client.get("/", headers={HEADER: other}).status_code == 428


@pytest.mark.parametrize(
    "proof", ["", "x", "e30=", "bnVsbA==", "A" * 5000, "eyJjaGFsbGVuZ2UiOnt9LCJzb2x1dGlvbiI6e319"]
)
def test_what_is_no_proof_is_none(proof: str) -> None:
    assert not Proofs(Settings()).accepts(proof)


def test_a_proof_is_asked_for_never_where_the_setting_says_so() -> None:
    client = door(public_rate_total="2/minute", proof_share=1)
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 429]


def test_the_trusted_header_tells_who_asks_and_only_where_it_is_set() -> None:
    trusting = door(public_rate="1/minute", public_address_header="X-Real-IP")
    asked = ["192.0.2.8", "192.0.2.9", "192.0.2.9", "no address"]
    assert [trusting.get("/", headers={"X-Real-IP": one}).status_code for one in asked] == [
        200,
        200,
        429,
        200,
    ]
    plain = door(public_rate="1/minute")
    assert [plain.get("/", headers={"X-Real-IP": one}).status_code for one in asked[:2]] == [200, 429]


def test_a_day_has_a_limit_of_its_own() -> None:
    client = door(public_rate="9/minute", public_rate_day="2/day")
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 429]
    client = door(public_rate="9/minute", public_rate_total_day="1/day")
    assert [client.get("/").status_code for _ in range(2)] == [200, 429]
