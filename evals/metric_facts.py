"""Whether an answer says what it must, and nothing that it must not."""

from dataclasses import dataclass

from evals.matching import all_occurring
from evals.reply import Reply, Texts


@dataclass(frozen=True, slots=True)
class FactsOk:
    """Every expected fact is said, within MAX_CHARACTERS."""

    name: str = "facts_ok"
    label: str = "事実 / facts"

    def of(self, reply: Reply, _: Texts) -> bool | None:
        return not reply.missing and not reply.too_long if reply.to_answer else None


@dataclass(frozen=True, slots=True)
class AbsentOk:
    """Nothing is said that must not be."""

    name: str = "absent_ok"
    label: str = "禁句なし / nothing forbidden"

    def of(self, reply: Reply, _: Texts) -> bool | None:
        return not forbidden(reply)


def forbidden(reply: Reply) -> tuple[str, ...]:
    """The strings of `absent` that the answer says."""
    return all_occurring(reply.case.expect.absent, reply.said)
