"""Files to Documents. The type is read from the content; the suffix only separates kinds of plain text."""

import re
from pathlib import PurePath

from corpus import encoding
from corpus.document import Document
from corpus.load_csv import load_csv
from corpus.load_docx import load_docx
from corpus.load_error import LoadError
from corpus.load_html import load_html
from corpus.load_markdown import load_markdown
from corpus.load_pdf import load_pdf
from corpus.load_pptx import load_pptx
from corpus.load_text import load_text
from corpus.load_xlsx import load_xlsx
from corpus.office_zip import office_kind

__all__ = ["LoadError", "check_size", "load"]

MAX_BYTES = 200 * 1024 * 1024
MAX_TEXT_BYTES = 64 * 1024 * 1024
MAX_CHARS = 6_000_000  # finding the passages and facts of so many takes minutes, and under 1 GB
MARKDOWN_SUFFIXES = {".md", ".markdown"}
HTML_SUFFIXES = {".html", ".htm", ".xhtml"}
# Systems that export "Excel" files often write CSV or HTML.
CSV_SUFFIXES = {".csv", ".tsv", ".xls", ".xlsx"}
OFFICE_97 = b"\xd0\xcf\x11\xe0"
RICH_TEXT = b"{\\rtf"
PDF_HEAD = 1024  # bytes in which a PDF begins, whatever stands before it
HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
HEAD_CHARS = 4096  # where the content may say that it is HTML


def load(name: str, data: bytes) -> Document:
    """Reads one file.

    Args:
        name: file name, for its suffix.
        data: the file's bytes.

    Raises:
        LoadError: empty, too large, of a type that is not read, in an unknown encoding, or without text.
    """
    suffix = PurePath(name).suffix.lower()
    check_size(len(data))
    document = _binary_document(data)
    if document is None:
        check_size(len(data), MAX_TEXT_BYTES)
        document = _text_document(suffix, _text(suffix, data))
    if not document.blocks:
        raise LoadError("本文がありません / there is no text in the file")
    return document


def check_size(size: int, most: int | None = None) -> None:
    """Refuses more bytes than are read: of any file, or `most`.

    Raises:
        LoadError: says how many came.
    """
    most = MAX_BYTES if most is None else most
    if size > most:
        raise LoadError(
            f"大きすぎます（{size:,}バイト、上限 {most:,}）。分けてください"
            f" / too large: {size:,} > {most:,} bytes: split the file"
        )


def _text(suffix: str, data: bytes) -> str:
    try:
        text = encoding.decode(data)
    except encoding.UnreadableTextError as error:
        if suffix == ".pdf":
            raise LoadError("PDFではありません / not a PDF, whatever its name says") from error
        raise LoadError(str(error)) from error
    if len(text) > MAX_CHARS:
        raise LoadError(
            f"文字が多すぎます（{len(text):,}字、上限 {MAX_CHARS:,}）。分けてください"
            f" / too long: {len(text):,} > {MAX_CHARS:,} characters: split the file"
        )
    return text


def _text_document(suffix: str, text: str) -> Document:
    if HTML_START.match(text[:HEAD_CHARS]) or suffix in HTML_SUFFIXES:
        return load_html(text)
    if suffix in MARKDOWN_SUFFIXES:
        return load_markdown(text)
    if suffix in CSV_SUFFIXES:
        return load_csv(text)
    return load_text(text)


def _binary_document(data: bytes) -> Document | None:
    """The Document of a format that is no text; None for text."""
    if b"%PDF-" in data[:PDF_HEAD]:
        return load_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        kind = office_kind(data)
        if kind == "DOCX":
            return load_docx(data)
        if kind == "XLSX":
            return load_xlsx(data)
        if kind == "PPTX":
            return load_pptx(data)
        raise _unread(kind)
    if data.startswith(RICH_TEXT):
        raise _unread("RTF")
    if data.startswith(OFFICE_97):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise LoadError(
                "パスワードで保護されています。外してから追加してください"
                " / protected by a password: remove it and add the file again"
            )
        raise _unread("Office 97-2003")
    return None


def _unread(kind: str) -> LoadError:
    return LoadError(
        f"{kind} は読み込めません。PDF、DOCX、XLSX、PPTX、HTML、Markdown、CSV、テキストに直してください"
        f" / {kind} is not read: convert it to PDF, DOCX, XLSX, PPTX, HTML, Markdown, CSV or text"
    )
