"""Passwords: argon2id, and a rule of length (NIST SP 800-63B-4, 3.1.1.2), nothing about kinds of characters."""

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST, LONGEST = 12, 128  # characters
FEWEST_DIFFERENT = 5  # characters: aaaaaaaaaaaa and 121212121212 are the first to be tried
AT_ONCE = 2  # hashes worked out together: each takes 19 MiB and a core
# OWASP Password Storage Cheat Sheet: 19 MiB, two rounds, one lane. A hash made otherwise is renewed at sign-in.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is read as another

_turns = threading.BoundedSemaphore(AT_ONCE)


class PasswordError(ValueError):
    """A password that may not be used; the message says why."""


def check(password: str, name: str) -> None:
    """Whether somebody may use this password.

    Raises:
        PasswordError: it is too short, too long or among the first that anybody tries.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise PasswordError(
            f"パスワードは{SHORTEST}文字以上にしてください（文字の種類は問いません）"
            f" / a password has at least {SHORTEST} characters, of any kind"
        )
    if len(plain) > LONGEST:
        raise PasswordError(
            f"パスワードは{LONGEST}文字までです / a password has at most {LONGEST} characters"
        )
    rest = plain.casefold().replace(name.casefold(), "").replace("keikaku", "")
    if len(set(rest)) < FEWEST_DIFFERENT:
        raise PasswordError(
            "そのパスワードは簡単に推測されます（同じ文字のくり返し、利用者名）。別のものにしてください"
            " / too easy to guess (repeated characters, the name): choose another"
        )


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    with _turns:
        return HASHER.hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one; without a hash it takes as long and is wrong."""
    with _turns:
        try:
            HASHER.verify(kept or _nobody(), _plain(password))
        except (VerifyMismatchError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def one_time_password() -> str:
    """20 characters (100 bits) in groups that can be read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def _plain(password: str) -> str:
    """The same characters from every keyboard (NFKC, as NIST asks)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    """A hash that no password is known for."""
    return HASHER.hash(secrets.token_urlsafe())
