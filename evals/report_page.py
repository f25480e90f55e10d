"""A run as one HTML file that asks nothing of anybody: figures, charts, and every case with its answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from evals import charts
from evals.compare import Comparison
from evals.labels import KINDS
from evals.metrics import LABELS
from evals.report_cases import case_view
from evals.run import Output
from evals.runs import RunInfo
from evals.score import Score
from evals.summary import COUNTED, Summary

TEMPLATES = Path(__file__).with_name("templates")
CURVE = Path(__file__).with_name("data") / "evidence_curve.json"
PAGE = "report.html"
_JUDGED = {"judged": "判定モデル / judged right"}
_LANGUAGES = {"ja": "日本語の質問 / Japanese", "other": "他の言語の質問 / other languages"}


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report shows. `fallen`: lines of a gate, None where there was none; `trend`: newest first."""

    config: Mapping[str, Any]
    outputs: Sequence[Output]
    scores: Sequence[Score]
    summary: Summary
    fallen: Sequence[str] | None = None
    against: Comparison | None = None
    trend: Sequence[RunInfo] = ()


def write_report(out: Path, run: Run) -> Path:
    """Writes the page into a run's folder."""
    path = out / PAGE if out.is_dir() else out
    path.write_text(page(run), "utf-8", newline="\n")
    return path


def page(run: Run) -> str:
    """The whole page."""
    summary = run.summary
    turned = {turn.after.id: turn.better for turn in run.against.turned} if run.against else {}
    cases = [
        case_view(output, score, turned.get(score.id))
        for output, score in zip(run.outputs, run.scores, strict=True)
    ]
    text: str = _template().render(
        style=Markup((TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 (our own file)
        script=Markup((TEMPLATES / "report.js").read_text("utf-8")),  # noqa: S704 (our own file)
        run=run,
        summary=summary,
        passed=sum(score.passed for score in run.scores),
        metrics=_metrics(summary),
        tiles=_tiles(run),
        charts=_charts(run),
        cases=sorted(cases, key=lambda view: view.score.passed),
        turned=[view for view in cases if view.turned is not None],
        kinds=[(kind, KINDS[kind]) for kind in summary.kinds],
        config=_flat(run.config),
    )
    return text


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    ).get_template("report.html")


def percent(value: float | None) -> str:
    """A share for reading, rounded down: 99.9 % is not all."""
    return "—" if value is None else f"{int(value * 1000) / 10:g}%"


def _metrics(summary: Summary) -> list[dict[str, object]]:
    """Every mark with its share and the cases behind it: eligible, failed, not eligible."""
    return [
        {
            "label": (LABELS | _JUDGED)[name],
            "share": percent(summary.share(name)),
            "eligible": summary.n - summary.not_eligible[name],
            "failed": summary.failed[name],
            "not_eligible": summary.not_eligible[name],
        }
        for name in COUNTED
    ]


def _tiles(run: Run) -> list[tuple[str, str, str, str]]:
    """(label, English label, figure, note) of what is looked at first."""
    summary, seconds = run.summary, run.summary.seconds
    to_answer = summary.n - summary.not_eligible["facts_ok"]
    return [
        ("事実", "facts said", percent(summary.facts_ok), _note(summary, "facts_ok")),
        ("引用箇所", "right place cited", percent(summary.citation_ok), _note(summary, "citation_ok")),
        ("逐語引用", "quotes verbatim", percent(summary.verbatim_ok), _note(summary, "verbatim_ok")),
        ("誤った数値", "wrong numbers", percent(summary.wrong_number), f"対象 {to_answer}"),
        (
            "断りの適合率",
            "refusal precision",
            percent(summary.refusal_precision),
            "断った回答のうち正しいもの",
        ),
        ("断りの再現率", "refusal recall", percent(summary.refusal_recall), "断るべき質問のうち断ったもの"),
        ("応答時間", "latency", f"{1000 * seconds.p50:.0f} ms", f"p95 {1000 * seconds.p95:.0f} ms"),
        ("回答の長さ", "answer length", f"{summary.mean_characters:.0f} 字", f"長すぎ {summary.too_long} 件"),
    ]


def _note(summary: Summary, name: str) -> str:
    left = summary.not_eligible[name]
    return f"対象 {summary.n - left}・不合格 {summary.failed[name]}・対象外 {left}"


def _charts(run: Run) -> list[tuple[str, str, Markup]]:
    """(title, English title, SVG)."""
    by_kind = [
        charts.Bar(KINDS[kind], sum(one.passed for one in run.scores if one.kind is kind), shares.n)
        for kind, shares in run.summary.kinds.items()
    ]
    seconds = run.summary.seconds
    found = [
        ("種類ごとの合格", "passed by kind", charts.bars("種類ごとの合格 / passed by kind", by_kind)),
        (
            "応答時間の分布（ミリ秒）",
            "latency, ms",
            charts.histogram(
                "応答時間 / latency",
                [one.seconds for one in run.scores],
                {"p50": seconds.p50, "p95": seconds.p95},
            ),
        ),
    ]
    if len(run.trend) > 1:
        found.append(("これまでの実行", "trend over runs", trend(run.trend)))
    return [*found, *_calibration()]


def trend(runs: Sequence[RunInfo]) -> Markup:
    """The shares that pass and that cite the right place over runs given newest first; oldest left, two at least."""
    oldest_first = list(reversed(runs))
    last = len(oldest_first) - 1
    passed = [(at / last, one.summary.passed or 0.0) for at, one in enumerate(oldest_first)]
    cited = [(at / last, one.summary.citation_ok or 0.0) for at, one in enumerate(oldest_first)]
    lowest = min(y for _, y in [*passed, *cited])
    least = next(floor for floor in (0.8, 0.6, 0.2, 0.0) if lowest >= floor)
    drawn = [charts.Line("引用箇所", "second", cited), charts.Line("合格", "first", passed)]
    ticks = [oldest_first[0].date[:10], oldest_first[-1].date[:10]]
    return charts.lines("これまでの実行 / trend", drawn, least=least, ticks=ticks)


def _calibration() -> list[tuple[str, str, Markup]]:
    """For each threshold of the evidence gate the questions answered and declined, as it was fitted."""
    from assistant.evidence import threshold

    found = []
    for language, curve in json.loads(CURVE.read_text("utf-8")).items():
        points = curve["points"]
        drawn = [
            charts.Line("回答した", "first", [(one["threshold"], one["answered"]) for one in points]),
            charts.Line("断った", "second", [(one["threshold"], one["declined"]) for one in points]),
        ]
        japanese, _, english = _LANGUAGES[language].partition(" / ")
        chosen = threshold(language)
        title = f"根拠の判定：{japanese} / evidence gate"
        drawing = charts.lines(title, drawn, (chosen, f"しきい値 {chosen:g}"))
        found.append((f"根拠の判定：{japanese}", f"evidence gate, {english}", drawing))
    return found


def _flat(config: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows = []
    for name, value in config.items():
        if isinstance(value, Mapping):
            rows += _flat(value, f"{prefix}{name}.")
        elif value is not None:
            rows.append((prefix + name, str(value)))
    return rows
