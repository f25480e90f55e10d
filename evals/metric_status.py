"""Whether an answer ended as it should have."""

from dataclasses import dataclass

from assistant.answer import Status
from evals.cases import Kind
from evals.reply import DECLINED, Reply, Texts


@dataclass(frozen=True, slots=True)
class StatusOk:
    """The expected status; partial will do with every fact said, either refusal for what is out of scope."""

    name: str = "status_ok"
    label: str = "状態 / status"

    def of(self, reply: Reply, _: Texts) -> bool | None:
        wanted, got = reply.case.expect.status, reply.answer.status
        if wanted is Status.ANSWERED and got is Status.PARTIAL:
            return not reply.missing
        if wanted is Status.NO_EVIDENCE and reply.case.kind is Kind.OUT_OF_SCOPE:
            return got in DECLINED
        return got is wanted
