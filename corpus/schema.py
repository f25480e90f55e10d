"""Tables of the catalog (SQLAlchemy). Lists are JSON, vectors are float32 bytes, little-endian."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        list[Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        dict[str, Any]: JSON,
        str: Text,
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
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


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


class ConversationRow(Base):
    """A person's conversation; `title` is its first question."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


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
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


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
    voted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


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
