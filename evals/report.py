"""What a run came to, as plain text for terminals and files."""

import json
from collections.abc import Iterable

from evals.reply import MAX_CHARACTERS
from evals.score import Score
from evals.summary import NAMES, Shares, Summary


def table(summary: Summary) -> str:
    """One line a kind and one for all, then the other figures; `-` where no case was eligible."""
    lines = [f"{'kind':14}{'n':>5}" + "".join(f"{name:>13}" for name in NAMES)]
    lines += [_line(kind, shares) for kind, shares in summary.kinds.items()]
    lines.append(_line("ALL", summary))
    rest = summary.model_dump(mode="json", exclude={"kinds", "n", *NAMES})
    return "\n".join([*lines, *(f"{name}: {json.dumps(value)}" for name, value in rest.items())])


def _line(name: str, shares: Shares) -> str:
    values = (shares.share(column) for column in NAMES)
    cells = ("-" if value is None else f"{value:.2f}" for value in values)
    return f"{name:14}{shares.n:>5}" + "".join(f"{cell:>13}" for cell in cells)


def failures(scores: Iterable[Score]) -> str:
    """Every case that did not pass, with each reason on a line of its own; empty where all passed."""
    failed = [score for score in scores if not score.passed]
    if not failed:
        return ""
    lines = [f"不合格 / failed: {len(failed)}"]
    for score in failed:
        lines += [f"{score.id} [{score.kind}] {score.question}", *(f"    {why}" for why in reasons(score))]
    return "\n".join(lines)


def reasons(score: Score) -> list[str]:
    """Why a case did not pass, one reason a line."""
    why = []
    if score.error is not None:
        why.append(f"例外 / raised: {score.error}")
    if score.status_ok is False:
        because = f" ({score.reason})" if score.reason else ""
        why.append(f"状態 / status: expected {score.expected}, got {score.status}{because}")
    if score.facts_ok is False:
        why += [f"述べていない / not said: {' | '.join(group)}" for group in score.missing]
        if score.too_long:
            why.append(f"長すぎる / too long: {score.characters} > {MAX_CHARACTERS}")
    if score.absent_ok is False:
        why.append(f"述べてはならない / must not be said: {' | '.join(score.forbidden)}")
    if score.verbatim_ok is False:
        why.append(f"原文にない引用 / quotes not in the text: {score.fabricated} of {score.citations}")
    if score.citation_ok is False:
        why.append(f"根拠を引用していない / evidence not cited: {score.citations} citations")
    if score.wrong_number:
        why.append("別の金額を述べた / another amount said")
    return why
