"""What a citizen's question passes before it is looked at: the pause switch, proof of work, the limits."""

from fastapi import HTTPException, Request

from assistant.limits import PublicLimits
from assistant.proof import HEADER, Proofs
from corpus.settings import Settings

PROVE = "混み合っているため、計算の証明が必要です / busy: a proof of work is needed"


class ProofNeededError(HTTPException):
    """428 (RFC 6585); the problem document has the `challenge` to solve."""

    def __init__(self, proofs: Proofs) -> None:
        super().__init__(428, PROVE)
        self.members = {"challenge": proofs.challenge()}


class PausedError(HTTPException):
    """503; the problem document says `paused`."""

    def __init__(self, said: str) -> None:
        super().__init__(503, said)
        self.members = {"paused": True}


class Opening:
    """A dependency that closes the citizens' window while it is paused."""

    def __init__(self, settings: Settings) -> None:
        self._paused = settings.public_paused

    def __call__(self) -> None:
        """Lets a request pass.

        Raises:
            PausedError: with the text of KEIKAKU_PUBLIC_PAUSED.
        """
        if self._paused:
            raise PausedError(self._paused)


class PublicDoor:
    """A dependency of the public endpoint."""

    def __init__(self, settings: Settings) -> None:
        self._opening, self._share = Opening(settings), settings.proof_share
        self._limits, self._proofs = PublicLimits(settings), Proofs(settings)

    def __call__(self, request: Request) -> None:
        """Lets a question pass and counts it.

        Raises:
            PausedError: while paused.
            ProofNeededError: when many ask.
            HTTPException: 429 when too many do.
        """
        self._opening()
        busy = self._share < 1 and self._limits.load >= self._share
        if busy and not self._proofs.accepts(request.headers.get(HEADER, "")):
            raise ProofNeededError(self._proofs)
        self._limits(request)
