"""Proof of work for busy times: challenges of ALTCHA (PoW v2), made, signed and checked here, each taken once.

Iterated SHA-256 with one iteration, so that a browser can work it out without `crypto.subtle`, which pages at plain
http do not have.
"""

import json
import secrets
import threading
import time
from typing import Any

from altcha import Payload, create_challenge, verify_solution

from corpus.settings import Settings

HEADER = "X-Keikaku-Proof"
ALGORITHM, ITERATIONS = "SHA-256", 1
EASIEST, HARDEST = (
    20_000,
    120_000,
)  # hashes to find the answer: 0.1 s on a computer, a second or two on a phone
LASTS_S = 300
LONGEST = 4_000  # characters of a proof; ours have about 700
UNREADABLE = (AttributeError, KeyError, RecursionError, TypeError, ValueError)


class Proofs:
    """Gives challenges and takes each solution once; the key is this process's own unless it is given."""

    def __init__(self, settings: Settings) -> None:
        given = settings.proof_key
        self._key = given.get_secret_value() if given else secrets.token_hex(32)
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()

    def challenge(self) -> dict[str, Any]:
        """A signed challenge as ALTCHA's clients read it."""
        made = create_challenge(
            ALGORITHM,
            ITERATIONS,
            counter=EASIEST + secrets.randbelow(HARDEST - EASIEST),
            expires_at=int(time.time()) + LASTS_S,
            hmac_secret=self._key,
        )
        return dict(made.to_dict())

    def accepts(self, proof: str) -> bool:
        """Whether a proof solves a challenge of ours that has not expired and was not used."""
        if not proof or len(proof) > LONGEST:
            return False
        try:
            payload = Payload.from_base64(proof)
            solved = verify_solution(payload, self._key).verified
            signature = json.dumps(payload.challenge.signature)
        except UNREADABLE:
            return False
        return solved and self._is_first(signature)

    def _is_first(self, signature: str) -> bool:
        now = time.time()
        with self._lock:
            self._used = {one: until for one, until in self._used.items() if until > now}
            if signature in self._used:
                return False
            self._used[signature] = now + LASTS_S
        return True
