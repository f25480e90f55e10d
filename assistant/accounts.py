"""Who works with the library, and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Role = Literal["staff", "editor", "evaluator", "admin"]


class May(StrEnum):
    """Something that not everybody may do."""

    READ = "read"  # ask, search, see all documents, figures and one's own conversations
    EDIT = "edit"  # add, replace, publish and remove documents
    EVALUATE = "evaluate"  # see evaluation runs and answers that people found wanting
    GOVERN = "govern"  # accounts and roles, the audit record, use of the service


ALLOWED: dict[Role, frozenset[May]] = {
    "staff": frozenset({May.READ}),
    "editor": frozenset({May.READ, May.EDIT}),
    "evaluator": frozenset({May.READ, May.EVALUATE}),
    "admin": frozenset(May),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in; `id` is what conversations and the audit record are kept under."""

    id: str
    name: str
    role: Role

    def may(self, what: May) -> bool:
        """Whether the role allows it."""
        return what in ALLOWED[self.role]


# Where no account exists the person at this machine does all, as with the command line.
AT_THIS_MACHINE = Person("local", "この端末", "admin")
