"""Builds the sample plans that are not their own source: the PDF, DOCX and XLSX in `corpus/data/plans`.

    python -m corpus.samples [--fonts FOLDER]     rebuilds them
    python -m corpus.samples --check              exits 1 where a built file no longer agrees with its source

Needs the development dependencies; nothing in the product imports it.
"""

import argparse
import sys
from pathlib import Path

from corpus.samples_office import build_docx, build_xlsx, content
from corpus.samples_pdf import FONTS, build_pdf, pdf_differs

DATA = Path(__file__).parent / "data"
SOURCES, PLANS = DATA / "sources", DATA / "plans"
PDF, DOCX, XLSX = "上位計画と基本方針の関係.pdf", "計画期間と見直しの日程.docx", "八策のテーマ別予算.xlsx"


def source_of(name: str) -> str:
    """The text of the source that the file `name` is built from."""
    return (SOURCES / name).with_suffix(".toml" if name == XLSX else ".md").read_text("utf-8")


def build(plans: Path = PLANS, fonts: Path = FONTS) -> None:
    """Writes the three built files into `plans`."""
    (plans / DOCX).write_bytes(build_docx(source_of(DOCX)))
    (plans / XLSX).write_bytes(build_xlsx(source_of(XLSX)))
    (plans / PDF).write_bytes(build_pdf(source_of(PDF), fonts))


def check(plans: Path = PLANS) -> list[str]:
    """What differs between the files in `plans` and their sources: one line each, none where all agree."""
    wrong = []
    for name, make in ((DOCX, build_docx), (XLSX, build_xlsx)):
        if content((plans / name).read_bytes()) != content(make(source_of(name))):
            wrong.append(f"{name}: not what its source builds")
    missing = pdf_differs((plans / PDF).read_bytes(), source_of(PDF))
    if missing is not None:
        wrong.append(f"{PDF}: does not say “{missing}” in its place")
    return wrong


def main() -> int:
    """Exit 0: built, or nothing differs; 1: something differs, named on stderr; 2: wrong usage or no font."""
    parser = argparse.ArgumentParser(description="Builds corpus/data/plans from corpus/data/sources.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--fonts", type=Path, default=FONTS, help="folder of NotoSansCJK-*.ttc")
    given = parser.parse_args()
    if not given.check and not (given.fonts / "NotoSansCJK-Regular.ttc").is_file():
        parser.error(
            f"no NotoSansCJK-Regular.ttc in {given.fonts}: install fonts-noto-cjk or give --fonts FOLDER"
        )
    if not given.check:
        build(fonts=given.fonts)
        return 0
    wrong = check()
    for line in wrong:
        print(f"{line}; run: python -m corpus.samples", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
