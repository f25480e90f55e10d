"""The conformance table names every criterion of WCAG 2.2 A and AA, and only tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# WCAG 2.2, levels A and AA: the last number of each guideline's criteria.
CRITERIA = {
    "1.1": [1], "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2, 3, 4, 5], "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13],
    "2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4, 5, 6, 7, 11], "2.5": [1, 2, 3, 4, 7, 8],
    "3.1": [1, 2], "3.2": [1, 2, 3, 4, 6], "3.3": [1, 2, 3, 4, 7, 8], "4.1": [2, 3],
}  # fmt: skip
ONLY_JIS = {"4.1.1"}


def test_every_criterion_is_in_the_table_and_every_test_exists() -> None:
    text = (ROOT / "docs" / "accessibility.md").read_text("utf-8")
    wanted = {f"{guideline}.{number}" for guideline, numbers in CRITERIA.items() for number in numbers}
    assert set(re.findall(r"^\| (\d\.\d\.\d+) ", text, re.M)) == wanted | ONLY_JIS
    have = "".join(one.read_text("utf-8") for one in (ROOT / "tests").glob("test_ui_*.py"))
    named = set(re.findall(r"`(test_\w+)`", text))
    assert named
    assert named <= set(re.findall(r"def (test_\w+)", have))
