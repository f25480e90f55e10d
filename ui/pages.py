"""What every HTML page of the product shares: templates, static files and security headers."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.local_time import local_day, local_time

HERE = Path(__file__).parent
STATIC = HERE / "static"

# Clickable first questions; each is answered by the sample plans.
EXAMPLES = (
    "さいたまデジタル八策とは何ですか",
    "八策①の2024年度の予算規模はいくらですか",
    "行政デジタル化計画の計画期間はいつからいつまでですか",
    "ワーキンググループにはどのようなものがありますか",
    "行政デジタル化計画の上位計画は何ですか",
    "行政デジタル化計画の基本方針を教えてください",
)


def security_policy(
    *, script: bool = False, frame_ancestors: Iterable[str] = ("'self'",), **extra: str
) -> str:
    """A Content-Security-Policy that allows this origin's files only; no inline script or style.

    `extra` adds directives, `connect_src="'self'"` for example.
    """
    directives = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "script-src": "'self'" if script else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(frame_ancestors),
        **{name.replace("_", "-"): value for name, value in extra.items()},
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def page(template: str, policy: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Renders a template (autoescaped; an undefined name is an error) as a response with security headers."""
    html = rendered(template, **context)
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(html, status, headers)


def rendered(template: str, **context: Any) -> str:
    """A template filled in: autoescaped; an undefined name is an error."""
    return _environment().get_template(template).render(**context)


@lru_cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"local_time": local_time, "local_day": local_day}
    return made
