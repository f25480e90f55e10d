"""Answer -> HTML for the chat. Everything that comes from a document, a model or a person is escaped here."""

import re
from collections.abc import Iterable, Mapping
from html import escape

from assistant.answer import Answer, Citation, Status
from assistant.conversations import Conversation

MARK = re.compile(r"\[(\d{1,3})\]")
NEW_TAB = 'target="_blank" rel="noopener"'

HEADINGS = {
    Status.PARTIAL: "お答えできたのは一部です",
    Status.NO_EVIDENCE: "計画文書には見つかりませんでした",
    Status.REFUSED: "この質問にはお答えできません",
    Status.ERROR: "うまく答えられませんでした",
}
ADVICE = {
    Status.NO_EVIDENCE: "施策や章の名前、年度などを入れて、言葉を変えてもう一度お試しください。",
    Status.ERROR: "少し待ってから、もう一度お試しください。",
}
ASK_PEOPLE = {Status.NO_EVIDENCE, Status.PARTIAL, Status.ERROR}
COPY = '<button type="button" class="kn-copy">回答と出典をコピー</button>'
VOTES = (
    '<button type="button" class="kn-vote kn-up" aria-pressed="false">役に立った</button>'
    '<button type="button" class="kn-vote kn-down" aria-pressed="false">役に立たなかった</button>'
)


def question_html(question: str) -> str:
    """A person's question as they typed it."""
    return f'<div class="kn-question">{_safe(question)}</div>'


def draft_html(text: str, citations: Iterable[Citation]) -> str:
    """An answer that is still being written; marks of known citations are links already."""
    paragraphs = _paragraphs(text, _by_number(citations))
    return f'<div class="kn-answer kn-draft"><div class="kn-main">{paragraphs}</div></div>'


def waiting_html() -> str:
    """Shown from the question to the first word."""
    return '<div class="kn-answer kn-draft"><p class="kn-wait">計画文書を調べています…</p></div>'


def stopped_html() -> str:
    """In place of an answer that the reader broke off."""
    return '<div class="kn-answer kn-stopped"><p>止めました。</p></div>'


def answer_html(
    answer: Answer,
    contact: str,
    question: str = "",
    following: Iterable[str] = (),
    conversation: str | None = None,
) -> str:
    """A complete answer: status, text with numbered links, sources with their quotes, copying and votes.

    `contact` is whom to ask where the documents do not say. `question` is what was typed; if the search was
    for something else (a follow-up made complete), that is said. `following` are questions to go on with,
    `conversation` the id under which all this is kept.
    """
    parts = [
        _asked(answer, question),
        _heading(answer.status),
        _paragraphs(answer.text, _by_number(answer.citations)),
        _advice(answer, contact),
    ]
    parts.append(
        f'<p class="kn-tools">{COPY if answer.citations else ""}{VOTES}{_link_here(conversation)}</p>'
    )
    parts.append(_following(following))
    main = f'<div class="kn-main">{"".join(parts)}</div>'
    # The chat component lets no data attributes through: the script reads the id from the class.
    classes = f"kn-answer kn-{answer.status.value} answer-{_safe(answer.id)}"
    return f'<div class="{classes}">{main}{sources_html(answer.citations)}</div>'


def sources_html(citations: Iterable[Citation]) -> str:
    """The citations as a list of links, each with its quote; nothing for none."""
    items = "".join(f"<li>{_source(citation)}</li>" for citation in citations)
    return f'<div class="kn-sources"><p class="kn-label">出典</p><ul>{items}</ul></div>' if items else ""


def problem_html(detail: str) -> str:
    """A failure, in words that the reader can act on."""
    status = Status.ERROR
    return (
        f'<div class="kn-answer kn-error"><div class="kn-main">{_heading(status)}'
        f"<p>{_safe(detail or ADVICE[status])}</p></div></div>"
    )


def documents_html(documents: Iterable[tuple[str, str]]) -> str:
    """The documents that answers come from, (id, title) each, as links."""
    links = [f'<a href="/documents/{_safe(key)}" {NEW_TAB}>{_safe(title)}</a>' for key, title in documents]
    if not links:
        return '<p class="kn-documents">まだ計画文書が登録されていません。</p>'
    items = "".join(f"<li>{link}</li>" for link in links)
    summary = f"<summary>対象の計画文書（{len(links)}件）</summary>"
    return f'<details class="kn-documents">{summary}<ul>{items}</ul></details>'


def recent_html(conversations: Iterable[Conversation], here: str | None) -> str:
    """A person's latest conversations as links, the one on the page marked; nothing where there is none."""
    items = "".join(
        f'<li><a href="/chat?c={_safe(one.id)}"{_current(one.id == here)}>{_safe(one.title)}</a></li>'
        for one in conversations
    )
    if not items:
        return ""
    return (
        f'<nav class="kn-history" aria-label="最近の会話"><p class="kn-label">最近の会話</p><ul>{items}</ul>'
        '<p><a href="/history">すべての会話</a></p></nav>'
    )


def _link_here(conversation: str | None) -> str:
    if not conversation:
        return ""
    return f'<a class="kn-kept" href="/chat?c={_safe(conversation)}">この会話へのリンク</a>'


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def _following(questions: Iterable[str]) -> str:
    buttons = "".join(f'<button type="button" class="kn-ask">{_safe(one)}</button>' for one in questions)
    return f'<div class="kn-next"><p class="kn-label">続けて尋ねる</p>{buttons}</div>' if buttons else ""


def _asked(answer: Answer, question: str) -> str:
    asked = answer.standalone_question
    if not question or not asked or "".join(asked.split()) == "".join(question.split()):
        return ""
    return f'<p class="kn-asked">「{_safe(asked)}」として調べました。</p>'


def _heading(status: Status) -> str:
    heading = HEADINGS.get(status)
    return f'<p class="kn-status">{heading}</p>' if heading else ""


def _advice(answer: Answer, contact: str) -> str:
    lines = []
    if answer.status in ADVICE and ADVICE[answer.status] not in answer.text:
        lines.append(ADVICE[answer.status])
    if answer.status in ASK_PEOPLE and contact and contact not in answer.text:
        lines.append(f"お問い合わせ先：{contact}")
    return "".join(f'<p class="kn-advice">{_safe(line)}</p>' for line in lines)


def _paragraphs(text: str, citations: Mapping[int, Citation]) -> str:
    return "".join(f"<p>{_linked(line, citations)}</p>" for line in text.splitlines() if line.strip())


def _linked(text: str, citations: Mapping[int, Citation]) -> str:
    """Escaped text in which [n] is a link where citation n exists; other marks stay as they are."""
    parts = MARK.split(text)
    html = [_safe(parts[0])]
    for number, following in zip(parts[1::2], parts[2::2], strict=True):
        citation = citations.get(int(number))
        html.append(_reference(citation) if citation else _safe(f"[{number}]"))
        html.append(_safe(following))
    return "".join(html)


def _reference(citation: Citation) -> str:
    return f'<a class="kn-ref" {_href(citation)} title="出典を新しいタブで開く">[{citation.number}]</a>'


def _source(citation: Citation) -> str:
    path = "".join(f"<span> › {_safe(part)}</span>" for part in citation.section if part != citation.title)
    page = f"<span> (p.{citation.page})</span>" if citation.page is not None else ""
    number = f'<span class="kn-number">[{citation.number}]</span>'
    link = f'<a class="kn-source" {_href(citation)}>{number} {_safe(citation.title)}{path}{page}</a>'
    return f"{link}<blockquote>「{_safe(citation.quote)}」</blockquote>{_original(citation)}"


def _original(citation: Citation) -> str:
    """A link to the page of the original, where browsers can open one: `#page=` of RFC 8118."""
    if citation.page is None or not citation.source.lower().endswith(".pdf"):
        return ""
    url = f"/api/documents/{_safe(citation.document_id)}/file#page={citation.page}"
    return f'<a class="kn-original" href="{url}" {NEW_TAB}>もとのPDFの{citation.page}ページ</a>'


def _href(citation: Citation) -> str:
    """The link to the viewer; nothing that is not a path of this site becomes one."""
    if not citation.url.startswith("/documents/"):
        return ""
    return f'href="{_safe(citation.url)}" {NEW_TAB}'


def _by_number(citations: Iterable[Citation]) -> dict[int, Citation]:
    return {citation.number: citation for citation in citations}


def _safe(text: str) -> str:
    """Escaped for HTML, on one line: a raw line end would end the HTML block in the chat's Markdown."""
    escaped = escape(text.replace("\r\n", "\n").replace("\r", "\n"))
    return escaped.replace("\n", "&#10;").replace("\t", "&#9;")
