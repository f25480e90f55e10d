"""Pieces of the charts as Vega marks. Rows of data bring their places in pixels."""

import unicodedata
from typing import Any

from ui.vega import FONT

WIDTH = 960
# As base.css has them; one accent.
INK, SOFT, GRID, BRAND, PALE, ACCENT = "#1c2826", "#4a5a57", "#e0e8e5", "#17594a", "#a9cfc2", "#b3701c"
SMALL, TITLE = 13, 18  # font sizes
NORMAL, BOLD = {"value": "normal"}, {"value": "bold"}  # font weights

Rows = list[dict[str, Any]]


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


def rects(data: str, begin: dict[str, Any], end: dict[str, Any], height: float) -> dict[str, Any]:
    """Bars from `begin` to `end`, about the height `y` of their row."""
    place = {"x": begin, "x2": end, "yc": {"field": "y"}, "height": {"value": height}}
    paint = {"fill": {"field": "fill"}, "cornerRadius": {"value": 3}}
    return {"type": "rect", "from": {"data": data}, "aria": False, "encode": {"enter": {**place, **paint}}}


def symbols(data: str, size: float) -> dict[str, Any]:
    """Points of an area of `size` square pixels, at `middle` and `y`."""
    place = {
        "x": {"field": "middle"},
        "y": {"field": "y"},
        "size": {"value": size},
    }
    return {
        "type": "symbol", "from": {"data": data}, "aria": False,
        "encode": {"enter": {**place, "fill": {"field": "fill"}}},
    }  # fmt: skip


def labels(
    data: str, field: str, x: dict[str, Any], align: str, colour: str, size: float,
    weight: dict[str, Any] = NORMAL, y: str = "y",
) -> dict[str, Any]:  # fmt: skip
    """Texts of a field, on the height of their row; not read out, since the links say all."""
    said = {
        "x": x, "y": {"field": y}, "text": {"field": field}, "align": {"value": align}, "baseline": {"value": "middle"},
        "fill": {"value": colour}, "font": {"value": FONT}, "fontSize": {"value": size},
        "fontWeight": weight,
    }  # fmt: skip
    return {"type": "text", "from": {"data": data}, "aria": False, "encode": {"enter": said}}


def links(data: str, height: float, shift: float = 0.0) -> dict[str, Any]:
    """A clear field over the whole line of each mark, so that a short bar is as easy to hit as a long one."""
    place = {"x": {"value": 0}, "width": {"value": WIDTH}, "yc": {"field": "y", "offset": -shift}}
    leads = {"href": {"field": "url"}, "description": {"field": "said"}, "fill": {"value": "#ffffff"}}
    enter = {**place, **leads, "height": {"value": height}, "fillOpacity": {"value": 0}}
    return {"type": "rect", "from": {"data": data}, "encode": {"enter": enter}}


def specification(
    data: dict[str, Rows], height: float, marks: list[dict[str, Any]], title: str, above: int = 4, **more: Any
) -> dict[str, Any]:
    """The whole; with a title it is an image that stands alone, without one a part of a page."""
    whole: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": WIDTH, "height": height, "background": None,
        "padding": {"left": 4, "right": 4, "bottom": 4, "top": above},
        "autosize": "none", "data": [{"name": name, "values": rows} for name, rows in data.items()],
        "marks": marks, **more,
    }  # fmt: skip
    if title:
        heading = {
            "text": title,
            "anchor": "start",
            "font": FONT,
            "fontSize": TITLE,
            "color": INK,
            "offset": 12,
        }
        whole |= {"title": heading, "background": "#ffffff", "padding": 24, "autosize": "pad"}
    return whole
