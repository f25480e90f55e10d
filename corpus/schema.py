"""Tables of the catalog (SQLAlchemy). Lists are JSON, vectors are float32 bytes, little-endian."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """A point in time: UTC in every database, with its zone in every program."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What the database keeps."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What comes back: SQLite forgets the zone."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Words(TypeDecorator[str]):
    """Text. PostgreSQL keeps no NUL character, so none is kept anywhere; lengths and offsets stay."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """What the database keeps."""
        return value and value.replace("\0", "\N{REPLACEMENT CHARACTER}")


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        list[Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        dict[str, Any]: JSON,
        str: Words,
    }


class Meta(Base):
    """Facts about the catalog itself: `revision`, `embedder`, `tokenizer`, `passage_rules`."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class DocumentRow(Base):
    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    version: Mapped[str]
    visibility: Mapped[str]
    media_type: Mapped[str]
    text: Mapped[str]
    page_starts: Mapped[list[int]]
    details: Mapped[dict[str, Any]]
    title_digest: Mapped[str] = mapped_column(server_default="")  # of its vector
    aliases: Mapped[list[Any]] = mapped_column(server_default="[]")  # [short, long] names that the text gives
    added_at: Mapped[datetime] = mapped_column(Moment)


class ChangeRow(Base):
    """Which documents a revision touched, so that other processes can follow."""

    __tablename__ = "changes"
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[str] = mapped_column(primary_key=True)


class OriginalRow(Base):
    """The file as it was added, apart from `documents` so that a listing does not read it."""

    __tablename__ = "originals"
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class SupersessionRow(Base):
    """One document in place of another; the older may be gone and come back, its id stays the same."""

    __tablename__ = "supersessions"
    newer_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    older_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class SectionRow(Base):
    __tablename__ = "sections"
    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    ordinal: Mapped[int]
    path: Mapped[list[str]]
    start: Mapped[int]
    end: Mapped[int]


class PassageRow(Base):
    __tablename__ = "passages"
    __table_args__ = (Index("ix_passages_document", "document_id", "ordinal"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    section_id: Mapped[str] = mapped_column(index=True)
    ordinal: Mapped[int]
    kind: Mapped[str]
    section: Mapped[list[str]]
    page: Mapped[int | None]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    context: Mapped[str]
    vector_digest: Mapped[str]
    tokens: Mapped[str] = mapped_column(server_default="")  # search tokens in order, lines kept apart
    sentences: Mapped[list[Any]]  # [start, end, vector digest] of each, offsets into canonical text


class FactRow(Base):
    __tablename__ = "facts"
    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    passage_id: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[str] = mapped_column(index=True)
    amount_yen: Mapped[int | None] = mapped_column(BigInteger)
    fiscal_years: Mapped[list[int]]
    start: Mapped[int]
    end: Mapped[int]


class VectorRow(Base):
    """A vector by the digest of the text that was embedded: unchanged text is never embedded twice."""

    __tablename__ = "vectors"
    digest: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class AccountRow(Base):
    """Somebody who may sign in: with a password here, or at the city's identity provider."""

    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    password: Mapped[str | None]  # argon2id hash
    must_change: Mapped[bool]  # the password was chosen by somebody else
    subject: Mapped[str | None] = mapped_column(unique=True)  # OpenID Connect: issuer and subject
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    disabled: Mapped[bool]


class SignInRow(Base):
    """A browser that is signed in; its token is kept as SHA-256 only."""

    __tablename__ = "sign_ins"
    token_digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    device: Mapped[str]  # in words: Chrome / Windows
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class KnownBrowserRow(Base):
    """A browser from which an account has signed in: failures elsewhere do not lock it out."""

    __tablename__ = "known_browsers"
    token_digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)


class FailureRow(Base):
    """Failed attempts to sign in, by a digest of account, address or browser."""

    __tablename__ = "sign_in_failures"
    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)


class KeyRow(Base):
    """A key for programs, kept as SHA-256 only; `beginning` is what people tell it by."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    beginning: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class AuditRow(Base):
    """Who did what, to what, when. Names stay as they were, whatever becomes of the account."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    person_id: Mapped[str] = mapped_column(index=True)
    person: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    target: Mapped[str]
    detail: Mapped[dict[str, Any]]


class ConversationRow(Base):
    """A person's conversation; `title` is its first question."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(Moment)


class ExchangeRow(Base):
    """A question with its Answer as JSON; personal data in the question is masked."""

    __tablename__ = "exchanges"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # in the order asked
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    answer_id: Mapped[str] = mapped_column(index=True)
    question: Mapped[str]
    answer: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime] = mapped_column(Moment)


class VoteRow(Base):
    """What a person thinks of an answer; the last vote on it counts. Of citizens neither words nor comment."""

    __tablename__ = "votes"
    answer_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    vote: Mapped[str]
    comment: Mapped[str]
    question: Mapped[str | None]
    answer: Mapped[dict[str, Any] | None]
    day: Mapped[date]
    voted_at: Mapped[datetime] = mapped_column(Moment)


class AskedRow(Base):
    """A question as it is counted; its words only where a member of staff asked and nothing was found."""

    __tablename__ = "asked"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    day: Mapped[date] = mapped_column(index=True)
    audience: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    total_ms: Mapped[float]
    question: Mapped[str | None]
