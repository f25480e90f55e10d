"""Vega specifications to SVG and PNG, on this machine, with no request to any other.

vl-convert holds Vega and a JavaScript runtime. The first drawing of a process takes some two seconds and 65 MB,
each further one 50 ms; it runs in a thread of its own, so call it from a worker thread.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

FONT = "Noto Sans CJK JP"
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
PNG_SCALE = 2.0
# Vega puts a foreign address before a link without host, so that ours get one that no host has (RFC 2606).
_BASE = "https://keikaku.invalid"
_FRAME = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
_NO_REQUEST: list[str] = []


def link(path: str) -> str:
    """The `href` of a mark that leads to a path of this server."""
    return f"{_BASE}{path}"


def svg(specification: dict[str, Any], label: str) -> Markup:
    """The drawing to stand in a page: its links are native, `label` is read out for the whole."""
    drawn = _svg(json.dumps(specification, ensure_ascii=False, sort_keys=True))
    return Markup(drawn.replace(_FRAME, Markup('<svg role="group" aria-label="{}" ').format(label), 1))  # noqa: S704


def png(specification: dict[str, Any]) -> bytes:
    """The drawing as an image, in double resolution."""
    import vl_convert

    _register_fonts()
    return vl_convert.vega_to_png(specification, scale=PNG_SCALE, allowed_base_urls=_NO_REQUEST)


@lru_cache(maxsize=64)
def _svg(specification: str) -> str:
    import vl_convert

    drawn = vl_convert.vega_to_svg(specification, allowed_base_urls=_NO_REQUEST)
    return drawn.replace(f'xlink:href="{_BASE}', 'href="')


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert

    for folder in FONT_FOLDERS:
        if folder.is_dir():
            vl_convert.register_font_directory(str(folder))
