"""HTML by selectolax (Lexbor): main content, headings, tables with spans, ruby read once."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from corpus.builder import DocumentBuilder
from corpus.document import Document
from corpus.html_tables import add_table, is_layout
from corpus.load_error import LoadError

# Never read: code, controls, ways through the site, readings of ruby, what the page hides.
NOISE = (
    "script, style, noscript, template, iframe, object, svg, button, input, select, textarea, rt, rp, rtc, "
    "nav, [role=navigation], "
    "[hidden], [aria-hidden=true], [style*='display:none' i], [style*='display: none' i]"
)
# The site around the document, where a page does not mark its main part; within these they belong to it.
FURNITURE = "footer, aside, [role=contentinfo], [role=complementary]"
CONTENT = {"article", "section"}
MAIN = ("main", "[role=main]")
BLOCK_TAGS = """
    p li dt dd blockquote pre figcaption caption div section article main address details summary ul ol dl
    figure header footer aside nav body center hgroup fieldset legend form hr table tbody thead tfoot tr td th
"""
BLOCKS = frozenset(BLOCK_TAGS.split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# The parser looks through all open elements at each that it opens: a page as deep as long takes it hours.
MAX_DEPTH = 20_000
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
# Elements without an end, or with one that is mostly left out.
UNCLOSED = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
    *("p", "li", "dt", "dd", "tr", "td", "th", "option"),
}
LINE_BREAK = "\u2028"  # a <br>, while white space is still that of the source
# CSS Text 3, segment break rules: a line end between two wide characters is no space.
WIDE = "[\u2e80-\u303f\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2460-\u24ff]"
BROKEN_LINE = re.compile(rf"(?<={WIDE})[ \t]*[\r\n][ \t\r\n]*(?={WIDE})")
SPACES = re.compile(r"[ \t\r\n\f]+")


def load_html(text: str) -> Document:
    """Title, headings, paragraphs, list items and tables of the main content.

    Raises:
        LoadError: elements nested too deeply to be read in time.
    """
    tree = parsed(text)
    title = tree.css_first("title")
    builder = DocumentBuilder()
    walk_html(builder, tree)
    return builder.build(flat(title.text()) if title else "", "text/html")


def parsed(text: str) -> Any:
    """The tree of a page or fragment.

    Raises:
        LoadError: nested too deeply.
    """
    from selectolax.lexbor import LexborHTMLParser

    depth = 0
    for tag in TAG.finditer(text):
        if tag[2].lower() not in UNCLOSED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > MAX_DEPTH:
                raise LoadError(
                    f"要素の入れ子が深すぎます（{MAX_DEPTH:,}段を超える）"
                    f" / elements nested more than {MAX_DEPTH:,} deep: simplify the page"
                )
    return LexborHTMLParser(text)


def walk_html(builder: DocumentBuilder, tree: Any) -> None:
    """Adds the content of a parsed page or fragment in reading order."""
    _remove(tree, NOISE)
    roots = [node for node in map(tree.css_first, MAIN) if node is not None and node.text().strip()]
    if not roots:
        _remove(tree, FURNITURE, CONTENT)
    root = roots[0] if roots else tree.body
    if root is not None:
        _Walker(builder).walk(root)


def flat(text: str) -> str:
    """Source text as a browser shows it: white space collapsed, `<br>` as a line end."""
    collapsed = SPACES.sub(" ", BROKEN_LINE.sub("", text))
    return "\n".join(line for line in (part.strip(" ") for part in collapsed.split(LINE_BREAK)) if line)


def inline_text(root: Any) -> str:
    """All text inside an element; blocks and `<br>` begin a new line."""
    parts = [""]
    for opens, node in events(root):
        if node.tag in BLOCKS:
            parts.append(LINE_BREAK)
        elif opens:
            parts.append(text_of(node))
    return flat("".join(parts))


def text_of(node: Any) -> str:
    """What one node by itself shows."""
    if node.tag == "-text":
        return node.text_content or ""
    if node.tag == "br":
        return LINE_BREAK
    return node.attributes.get("alt") or "" if node.tag == "img" else ""


def events(root: Any) -> Iterator[tuple[bool, Any]]:
    """(opens, node) for each node in document order, and again where it closes.

    A loop rather than a recursion: pages may be nested deeper than Python's stack.
    """
    node, top = root, root.mem_id  # == would compare the HTML of both
    while True:
        yield True, node
        if node.child is not None:
            node = node.child
            continue
        yield False, node
        while node.next is None or node.mem_id == top:
            if node.mem_id == top:
                return
            node = node.parent
            yield False, node
        node = node.next


class _Walker:
    """Collects inline text until a block begins or ends, then hands it to the builder."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._inline: list[str] = []
        self._mark = ""  # number of the list item that begins
        self._numbers: list[int | None] = []  # of the lists that are open; None for one without numbers
        self._preformatted = 0
        self._before = ""  # the block before, in case it is a table's caption

    def walk(self, root: Any) -> None:
        """Adds the node's content."""
        skipped = None
        for opens, node in events(root):
            if skipped is not None:
                skipped = None if node.mem_id == skipped and not opens else skipped
            elif opens and self._whole(node):
                skipped = node.mem_id
            elif opens:
                self._open(node)
            else:
                self._close(node)
        self._flush()

    def _whole(self, node: Any) -> bool:
        """Headings and tables are read in one piece."""
        if node.tag in HEADINGS:
            self._flush()
            self._builder.heading(inline_text(node), HEADINGS[node.tag])
            self._before = ""
            return True
        if node.tag == "table" and not is_layout(node):
            self._flush()
            add_table(self._builder, node, self._before, inline_text)
            self._before = ""
            return True
        return False

    def _open(self, node: Any) -> None:
        if node.tag in BLOCKS:
            self._flush()
        if node.tag in {"ol", "ul"}:
            self._numbers.append(_start(node) if node.tag == "ol" else None)
        elif node.tag == "li":
            self._begin_item(node)
        self._preformatted += node.tag == "pre"
        said = text_of(node)
        self._inline.append(said.replace("\n", LINE_BREAK) if self._preformatted else said)

    def _close(self, node: Any) -> None:
        if node.tag in BLOCKS:
            self._flush()
        if node.tag in {"ol", "ul"} and self._numbers:
            self._numbers.pop()
        if node.tag == "li":
            self._mark = ""
        self._preformatted -= node.tag == "pre"

    def _begin_item(self, node: Any) -> None:
        """Notes the number that a reader sees before an item of an ordered list."""
        number = self._numbers[-1] if self._numbers else None
        if number is not None:
            number = _whole_number(node.attributes.get("value"), number)
            self._numbers[-1] = number + 1
            self._mark = f"{number}. "

    def _flush(self) -> None:
        text = flat("".join(self._inline))
        self._inline = []
        if text:
            self._before = text
            self._builder.block(self._mark + text)
            self._mark = ""


def _start(node: Any) -> int:
    return _whole_number(node.attributes.get("start"), 1)


def _whole_number(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\s*-?\d{1,6}\s*", value) else otherwise


def _remove(tree: Any, selector: str, kept: Collection[str] = ()) -> None:
    """Takes out what is selected and lies in no element of `kept`.

    What lies in another selected node goes with it, and is not freed twice.
    """
    nodes = [node for node in tree.css(selector) if not any(above.tag in kept for above in _ancestors(node))]
    selected = {node.mem_id for node in nodes}
    for node in [node for node in nodes if not any(above.mem_id in selected for above in _ancestors(node))]:
        node.decompose()


def _ancestors(node: Any) -> Iterator[Any]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent
