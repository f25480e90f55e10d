"""A conversation as a document to pass on: Markdown or DOCX, each answer with its sources."""

import io
from collections.abc import Sequence

from assistant.answer import Citation
from assistant.conversations import Exchange
from assistant.local_time import local_time

NOTICE = "計画ナビ（AIが計画文書から自動で答えるもの）との会話の記録です。出典を確かめてください。"


def place_of(citation: Citation) -> str:
    """Title, section path and page of a citation, on one line."""
    path = [citation.title, *(part for part in citation.section if part != citation.title)]
    page = f"（{citation.page}ページ）" if citation.page is not None else ""
    return " › ".join(path) + page


def markdown(title: str, exchanges: Sequence[Exchange], origin: str) -> str:
    """The conversation in Markdown; links begin with `origin`, e.g. http://127.0.0.1:8000."""
    lines = [f"# {_plain(title)}", "", NOTICE, ""]
    for one in exchanges:
        lines += [f"## {_plain(one.question)}", "", f"{local_time(one.asked_at)}", ""]
        lines += [_plain(line) + "  " for line in one.answer.text.splitlines() if line.strip()]
        lines.append("")
        for citation in one.answer.citations:
            quote = " ".join(citation.quote.split())
            lines += [
                f"- \\[{citation.number}\\] [{_plain(place_of(citation))}]({origin}{citation.url})  ",
                f"  「{_plain(quote)}」",
            ]
        lines.append("")
    return "\n".join(lines)


def docx(title: str, exchanges: Sequence[Exchange], origin: str) -> bytes:
    """The conversation as a Word document."""
    import docx as word
    from docx.oxml.ns import qn

    document = word.Document()
    normal = document.styles["Normal"]
    normal.font.name = "Yu Gothic"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "游ゴシック")
    document.core_properties.title = title
    document.add_heading(title, 0)
    document.add_paragraph(NOTICE)
    for one in exchanges:
        document.add_heading(one.question, 1)
        document.add_paragraph(local_time(one.asked_at))
        for line in filter(str.strip, one.answer.text.splitlines()):
            document.add_paragraph(line)
        for citation in one.answer.citations:
            source = document.add_paragraph(style="List Bullet")
            source.add_run(f"[{citation.number}] {place_of(citation)}").bold = True
            source.add_run(f"\n「{citation.quote}」\n{origin}{citation.url}")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _plain(text: str) -> str:
    """Text that Markdown shows as it is (CommonMark 0.31, backslash escapes)."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|~" else char for char in text)
