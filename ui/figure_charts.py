"""The three charts as Vega specifications: places in pixels are worked out here, so that no text meets another."""

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from corpus.wareki import to_wareki
from ui.figure_amounts import HUNDRED_MILLION, TEN_THOUSAND, Figure, same_name
from ui.figure_events import Event, years_label
from ui.figure_tree import Node
from ui.vega import FONT, link

WIDTH = 960
INK, SOFT, GRID, BRAND, PALE, ACCENT = "#1c2826", "#4a5a57", "#e0e8e5", "#17594a", "#a9cfc2", "#b3701c"
NAME, SMALL = 15, 13  # font sizes
HEAD, FOOT, AXIS_ROOM = 46, 10, 30  # above the first line of years; below the last; above the bars
BAR, BAR_ROW, NAME_ROW, GAP = 18, 28, 28, 12
YEAR_COLUMN, AMOUNT_COLUMN = 190, 110
EVENT_ROW, MARK_DROP = 52, 34
TICK_ROOM = 88
NODE_ROW, INDENT, TRUNK = 32, 28, 14

Rows = list[dict[str, Any]]


def budgets(figures: Sequence[Figure], title: str = "") -> dict[str, Any]:
    """Bars below the name of their theme, one for each year and amount."""
    unit, size = _unit(figures)
    names, bars, top = list[dict[str, Any]](), list[dict[str, Any]](), float(GAP)
    for (_, place), of_theme in groupby(figures, key=lambda one: (same_name(one.theme), one.place)):
        rows = list(of_theme)
        name = rows[0].theme + (f"（{place}）" if place else "")
        names.append({"x": 0, "y": top + NAME_ROW / 2, "text": fitted(name, WIDTH, NAME)})
        top += NAME_ROW
        for one in rows:
            bars.append(_bar(one, name, top, size))
            top += BAR_ROW
        top += GAP
    least, most = min(0.0, *(bar["value"] for bar in bars)), max(0.0, *(bar["value"] for bar in bars))
    scale = {
        "name": "x", "type": "linear", "nice": 4, "zero": True, "domain": [least, most if most > least else 1],
        "range": [YEAR_COLUMN, WIDTH - AMOUNT_COLUMN],
    }  # fmt: skip
    axis = {
        "scale": "x", "orient": "top", "tickCount": 4, "grid": True, "domain": False,
        "ticks": False, "gridColor": GRID, "labelColor": SOFT, "labelFontSize": SMALL, "labelFont": FONT,
        "labelPadding": 6, "format": ",~r", "aria": False, "zindex": 0,
    }  # fmt: skip
    marks = [
        _rects("bars", {"scale": "x", "value": 0}, {"scale": "x", "field": "value"}, BAR),
        _text("bars", "year", {"value": YEAR_COLUMN - 12}, "right", SOFT, SMALL),
        _text("bars", "label", {"scale": "x", "field": "end", "offset": 8}, "left", INK, SMALL + 1, "bold"),
        _text("names", "text", {"field": "x"}, "left", INK, NAME, "bold"),
        _text("unit", "text", {"value": YEAR_COLUMN - 12}, "right", SOFT, SMALL),
        _links("bars", BAR_ROW),
    ]
    data = {"names": names, "bars": bars, "unit": [{"text": f"単位：{unit}", "y": -12}]}
    return _specification(data, top - GAP + FOOT, marks, title, AXIS_ROOM, scales=[scale], axes=[axis])


def _bar(one: Figure, name: str, top: float, size: int) -> dict[str, Any]:
    value, years = one.yen / size, years_label(one.years)
    return {
        "y": top + BAR_ROW / 2, "value": value, "end": max(value, 0.0), "year": years, "label": one.label,
        "fill": BRAND if len(one.years) == 1 else PALE,
        "url": link(one.sources[0].url), "said": f"{name} {one.kind} {years} {one.printed} 出典を開く",
    }  # fmt: skip


def _unit(figures: Sequence[Figure]) -> tuple[str, int]:
    most = max(abs(one.yen) for one in figures)
    units = (("億円", HUNDRED_MILLION), ("万円", TEN_THOUSAND), ("円", 1))
    return next(((name, size) for name, size in units if most >= size), units[-1])


def schedules(events: Sequence[Event], title: str = "") -> dict[str, Any]:
    """Periods as bars and dates as points on an axis of fiscal years, each below its name."""
    first = min(one.years[0] for one in events)
    last = max(one.years[-1] for one in events) + 1
    across = (WIDTH - 16) / (last - first)
    step = max(1, -(-TICK_ROOM // int(across) if across >= 1 else TICK_ROOM))
    height = HEAD + EVENT_ROW * len(events) + FOOT
    ticks = [
        {"x": 8 + across * (year - first), "y": 10, "text": to_wareki(year), "west": f"{year}", "below": 27,
         "y2": height, "top": 38}
        for year in range(first, last, step)
    ]  # fmt: skip
    rows = [_event(one, 8 + across * (one.begin - first), 8 + across * (one.end - first), HEAD + EVENT_ROW * at)
            for at, one in enumerate(events)]  # fmt: skip
    marks = [
        {"type": "rule", "from": {"data": "ticks"}, "aria": False, "encode": {"enter": {
            "x": {"field": "x"}, "y": {"field": "top"}, "y2": {"field": "y2"}, "stroke": {"value": GRID}}}},
        _text("ticks", "text", {"field": "x"}, "left", INK, SMALL),
        _text("ticks", "west", {"field": "x"}, "left", SOFT, SMALL, y="below"),
        _rects("bars", {"field": "x"}, {"field": "x2"}, 14),
        _symbols("points", "circle", 130),
        _text("rows", "text", {"field": "at"}, "left", INK, SMALL + 1),
        _links("rows", EVENT_ROW, shift=MARK_DROP - EVENT_ROW / 2),
    ]  # fmt: skip
    points = [row for row in rows if row["point"]]
    data = {"ticks": ticks, "bars": [row for row in rows if not row["point"]], "points": points}
    texts = [{**row, "y": row["y"] - 21} for row in rows]
    marks[5]["from"] = {"data": "texts"}
    return _specification({**data, "rows": rows, "texts": texts}, height, marks, title)


def _event(one: Event, begin: float, end: float, top: float) -> dict[str, Any]:
    text = fitted(f"{one.subject}　{one.kind}・{one.printed}", WIDTH - 16, SMALL + 1)
    point = not one.is_period and one.end - one.begin < 1
    left = (begin + end) / 2 if point else begin
    at = max(8.0, min(left - (6 if point else 0), WIDTH - 8 - width_of(text, SMALL + 1)))
    return {
        "x": begin, "x2": max(end, begin + 4), "middle": left, "y": top + MARK_DROP, "at": at, "text": text,
        "point": point, "fill": BRAND if one.is_period or point else PALE, "url": link(one.sources[0].url),
        "said": f"{one.subject} {one.kind} {one.printed} 出典を開く",
    }  # fmt: skip


def plans(nodes: Sequence[Node], title: str = "") -> dict[str, Any]:
    """What stands above the document, then it, then its headings, indented and joined by lines."""
    rows, lines = list[dict[str, Any]](), list[dict[str, Any]]()
    root = next(at for at, node in enumerate(nodes) if node.role == "文書")
    open_at: dict[int, float] = {}
    for at, node in enumerate(nodes):
        y, depth = NODE_ROW * (at + 0.5) + 6, 1 if at < root else node.depth
        x = TRUNK + INDENT * depth
        rows.append(_node(node, x, y, at == root))
        if at != root:
            start = open_at.get(depth - 1, y) if at > root else NODE_ROW * (root + 0.5) + 6
            lines.append({"x": x - INDENT, "x2": x - INDENT, "y": start, "y2": y})
            lines.append({"x": x - INDENT, "x2": x - 8, "y": y, "y2": y})
        open_at[depth] = y
    marks = [
        {"type": "rule", "from": {"data": "lines"}, "aria": False, "encode": {"enter": {
            "x": {"field": "x"}, "y": {"field": "y"}, "x2": {"field": "x2"}, "y2": {"field": "y2"},
            "stroke": {"value": "#b9c7c2"}, "strokeWidth": {"value": 1.5}}}},
        _symbols("rows", "circle", 90),
        _text("rows", "text", {"field": "from"}, "left", INK, SMALL + 1),
        _text("rows", "role", {"value": WIDTH - 8}, "right", SOFT, SMALL),
        _links("rows", NODE_ROW),
    ]  # fmt: skip
    marks[2]["encode"]["enter"]["fontWeight"] = {"field": "weight"}
    return _specification({"rows": rows, "lines": lines}, NODE_ROW * len(nodes) + 12, marks, title)


def _node(node: Node, x: float, y: float, is_root: bool) -> dict[str, Any]:
    role = "" if node.role in ("文書", "見出し") else node.role
    page = f"{node.page}ページ" if node.page else ""
    aside = "　".join(part for part in (role, page) if part)
    room = WIDTH - x - 24 - width_of(aside, SMALL)
    return {
        "middle": x, "from": x + 14, "y": y, "text": fitted(node.text, room, SMALL + 1), "role": aside,
        "fill": BRAND if is_root else ACCENT if role else PALE, "weight": "bold" if is_root else "normal",
        "url": link(node.url), "said": f"{node.role} {node.text} {page} 出典を開く",
    }  # fmt: skip


def width_of(text: str, size: float) -> float:
    """Pixels that a text takes, on the safe side: full-width letters are square, others take 0.62 of that."""
    return sum(size if unicodedata.east_asian_width(one) in "FWA" else 0.62 * size for one in text)


def fitted(text: str, room: float, size: float) -> str:
    """The text, cut with … where it is wider than `room` pixels; the table and the mark's name have it whole."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


def _rects(data: str, begin: dict[str, Any], end: dict[str, Any], height: float) -> dict[str, Any]:
    place = {"x": begin, "x2": end, "yc": {"field": "y"}, "height": {"value": height}}
    paint = {"fill": {"field": "fill"}, "cornerRadius": {"value": 3}}
    return {"type": "rect", "from": {"data": data}, "aria": False, "encode": {"enter": {**place, **paint}}}


def _symbols(data: str, shape: str, size: float) -> dict[str, Any]:
    place = {
        "x": {"field": "middle"},
        "y": {"field": "y"},
        "shape": {"value": shape},
        "size": {"value": size},
    }
    return {
        "type": "symbol", "from": {"data": data}, "aria": False,
        "encode": {"enter": {**place, "fill": {"field": "fill"}}},
    }  # fmt: skip


def _text(
    data: str, field: str, x: dict[str, Any], align: str, colour: str, size: float, weight: str = "normal",
    y: str = "y",
) -> dict[str, Any]:  # fmt: skip
    said = {
        "x": x, "y": {"field": y}, "text": {"field": field}, "align": {"value": align}, "baseline": {"value": "middle"},
        "fill": {"value": colour}, "font": {"value": FONT}, "fontSize": {"value": size},
        "fontWeight": {"value": weight},
    }  # fmt: skip
    return {"type": "text", "from": {"data": data}, "aria": False, "encode": {"enter": said}}


def _links(data: str, height: float, shift: float = 0.0) -> dict[str, Any]:
    """A clear field over the whole line of each mark, so that a short bar is as easy to hit as a long one."""
    place = {"x": {"value": 0}, "width": {"value": WIDTH}, "yc": {"field": "y", "offset": -shift}}
    leads = {"href": {"field": "url"}, "description": {"field": "said"}, "fill": {"value": "transparent"}}
    enter = {**place, **leads, "height": {"value": height}}
    return {"type": "rect", "from": {"data": data}, "encode": {"enter": enter}}


def _specification(
    data: dict[str, Rows], height: float, marks: list[dict[str, Any]], title: str, above: int = 4, **more: Any
) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": WIDTH, "height": height, "padding": {"left": 4, "right": 4, "bottom": 4, "top": above},
        "background": None,
        "autosize": "none", "data": [{"name": name, "values": rows} for name, rows in data.items()],
        "marks": marks, **more,
    }  # fmt: skip
    if title:
        heading = {"text": title, "anchor": "start", "font": FONT, "fontSize": 18, "color": INK, "offset": 12}
        whole |= {"title": heading, "background": "#ffffff", "padding": 24, "autosize": "pad"}
    return whole
