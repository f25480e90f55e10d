"""What a view of the figures shows, from the library and the filters."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.stated import Stated, stated
from corpus.catalog import Record
from index.library import Library
from ui.figure_amounts import Figure, figures, same_name
from ui.figure_events import Event, events
from ui.figure_query import ALL, Filters
from ui.figure_tree import Node, tree

ALL_AT_ONCE = 300  # facts of a library that are shown together, where no document is chosen
TREES_LOOKED_AT = 20  # documents among which the one that names most plans above itself is looked for
# Which kind is shown where none is chosen: what plans are asked for first.
FIRST_KINDS = ("予算", "補正予算", "要求", "決算", "事業費", "見込", "継続費", "経費")
MOST_BARS, MOST_EVENTS, MOST_NODES = 24, 20, 40
SEVERAL = 3  # facts below a heading that can be chosen


@dataclass(frozen=True, slots=True)
class View:
    """Figures of one document or of all; the `drawn_…` are those that the charts show."""

    filters: Filters  # with the document that is shown
    record: Record | None
    documents: tuple[Record, ...]
    groups: tuple[tuple[str, int], ...]  # kinds of amounts, with their number
    event_kinds: tuple[str, ...]
    years: tuple[int, ...]
    headings: tuple[str, ...]
    group: str
    figures: tuple[Figure, ...]
    drawn_figures: tuple[Figure, ...]
    events: tuple[Event, ...]
    drawn_events: tuple[Event, ...]
    tree_of: Record | None
    nodes: tuple[Node, ...]
    drawn_nodes: tuple[Node, ...]


class UnknownDocumentError(KeyError):
    """No document has the id asked for."""


class Views:
    """The views of a library; what is worked out is kept as long as the catalog is at one revision."""

    def __init__(self, library: Library) -> None:
        self._catalog = library.catalog
        self._choices = lru_cache(maxsize=8)(self._years_and_headings)
        self._facts = lru_cache(maxsize=8)(self._read)
        self._tree = lru_cache(maxsize=32)(self._nodes)

    def view(self, wanted: Filters) -> View:
        """The view.

        Raises:
            UnknownDocumentError: the document asked for is not there.
        """
        revision, documents = self._catalog.revision(), tuple(self._catalog.records())
        record = _chosen(documents, wanted.document)
        heading, document_id = (wanted.heading, record.id) if record else ("", None)
        shown = Filters(document_id or ALL, wanted.year, wanted.kind, wanted.words, heading)
        years, headings = self._choices(revision, document_id)
        amounts, dates = self._facts(revision, document_id, wanted.year, wanted.words, heading)
        groups = _by_preference(Counter(one.group for one in amounts))
        first = groups[0][0] if groups else ""
        group = wanted.kind if wanted.kind in dict(groups) else first
        of_group = tuple(one for one in amounts if one.group == group)
        event_kinds = tuple(sorted({one.kind for one in dates}))
        chosen_events = tuple(
            one for one in dates if wanted.kind not in event_kinds or one.kind == wanted.kind
        )
        tree_of, nodes = self._tree(revision, record, documents)
        return View(
            shown, record, documents, groups, event_kinds, years, headings, group, of_group, _drawn(of_group),
            chosen_events, chosen_events[:MOST_EVENTS], tree_of, nodes, _upper(nodes),
        )  # fmt: skip

    def _years_and_headings(
        self, revision: int, document_id: str | None
    ) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The years that facts speak of; the headings of a document below which several are stated, in its order."""
        del revision  # a key of the memory
        facts = list(self._catalog.stated(document_id=document_id))
        years = {year for fact, _, _ in facts for year in fact.fiscal_years}
        headings = Counter(heading for _, _, passage in facts for heading in passage.section)
        several = [heading for heading, count in headings.items() if SEVERAL <= count < len(facts)]
        return tuple(sorted(years, reverse=True)), tuple(several) if document_id else ()

    def _read(
        self, revision: int, document_id: str | None, year: int | None, words: str, heading: str
    ) -> tuple[tuple[Figure, ...], tuple[Event, ...]]:
        """The amounts and dates that are stated of the year, with the words, below the heading."""
        del revision
        superseded = frozenset() if document_id else self._catalog.superseded()
        facts: list[Stated] = [
            one
            for one in stated(self._catalog, None, year, words, document_id)
            if one.record.id not in superseded and (not heading or heading in one.passage.section)
        ]
        return tuple(figures(facts)), tuple(events(facts))

    def _nodes(
        self, revision: int, record: Record | None, documents: tuple[Record, ...]
    ) -> tuple[Record | None, tuple[Node, ...]]:
        del revision
        candidates = (record,) if record else documents[:TREES_LOOKED_AT]
        trees = [(one, tuple(tree(self._catalog, one))) for one in candidates]
        return max(trees, key=lambda one: (_plans_above(one[1]), len(one[1])), default=(None, ()))


def _plans_above(nodes: Sequence[Node]) -> int:
    return next((at for at, node in enumerate(nodes) if node.role == "文書"), 0)


def _chosen(documents: Sequence[Record], wanted: str) -> Record | None:
    """The document to show; None for all."""
    if wanted and wanted != ALL:
        found = next((one for one in documents if one.id == wanted), None)
        if found is None:
            raise UnknownDocumentError(wanted)
        return found
    if wanted == ALL or sum(one.facts for one in documents) <= ALL_AT_ONCE:
        return None
    return max(documents, key=lambda one: (not one.superseded_by, one.facts))


def _by_preference(kinds: Counter[str]) -> tuple[tuple[str, int], ...]:
    def place(kind: str) -> tuple[int, int]:
        return FIRST_KINDS.index(kind) if kind in FIRST_KINDS else len(FIRST_KINDS), -kinds[kind]

    return tuple((kind, kinds[kind]) for kind in sorted(kinds, key=place))


def _drawn(of_group: Sequence[Figure]) -> tuple[Figure, ...]:
    """By theme, the largest where they are many; without 0円, and without totals where there are parts.

    A theme that is a total in one year is left out in all, lest its years seem to differ.
    """
    themes: dict[tuple[str, str, str], list[Figure]] = {}
    for one in of_group:
        key = (one.sources[0].document_id, same_name(one.theme), one.place)
        themes.setdefault(key, []).append(one)
    parts = {key[0] for key, group in themes.items() if not any(one.total for one in group)}
    groups = [
        shown
        for key, group in themes.items()
        if key[0] not in parts or not any(one.total for one in group)
        if (shown := [one for one in group if one.yen])
    ]
    if sum(map(len, groups)) > MOST_BARS:
        groups.sort(key=lambda group: -max(abs(one.yen) for one in group))
    return tuple([one for group in groups for one in group][:MOST_BARS])


def _upper(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """As many levels of headings as the drawing has room for."""
    depths = sorted({node.depth for node in nodes}, reverse=True)
    kept = (tuple(node for node in nodes if node.depth <= depth) for depth in depths)
    return next((one for one in kept if len(one) <= MOST_NODES), tuple(nodes[:MOST_NODES]))
