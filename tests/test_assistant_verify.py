"""What a sentence may say of what it cites, and what it may not."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.pairing import figures, mispaired
from assistant.verify import cited_numbers, support, unsupported
from corpus.amounts import format_yen, format_yen_exact
from corpus.sentences import split
from corpus.wareki import to_wareki

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
THEME_3 = "デジタル八策\n③市民のデジタルへの道を拓く\n予算規模は約27.5億円だ。"
THEME_1 = "①市の全ての手続きをデジタルへ\n2024年度の予算規模は約7.2億円だ。"
PERIOD = "計画期間は、令和3年度から令和7年度までの5年間とします。"
GROUPS = "(1)窓口WG (2)デバイドWG (3)システム標準化WG"

STANDS = [
    ("③の予算規模は約27.5億円です。", [THEME_3]),
    ("③の予算規模は2,750百万円です。", [THEME_3]),
    ("③の予算規模は27億5,000万円です。[1]", [THEME_3]),
    ("③の予算規模は２７．５億円です。", [THEME_3]),
    ("①の予算規模は令和6年度に7億2,000万円です。", [THEME_1]),
    ("①は約7.2億円、③は約27.5億円です。", [THEME_1, THEME_3]),
    ("計画期間は2021年度から2025年度までの5年間です。", [PERIOD]),
    ("計画の真ん中の年は2023年度です。", [PERIOD]),
    ("2020年11月に本部が設置されました。", ["令和2年11月に本部を設置した"]),
    ("2020年11月に設置されました。", ["2020年に体制を見直し、同年11月に本部を設置"]),
    ("手続は実施しない。", ["手続は実施しません。"]),
    ("標準化しなければならない。", ["標準化しなければならない"]),
    ("(3)はシステム標準化WGです。", [GROUPS]),
    ("WGは3つです。", [GROUPS]),
    ("歳出は1,234千円です", ["（単位：千円）\n歳出\t1,234"]),
    ("「市民のデジタルへの道を拓く」です。", [THEME_3]),
]
FALLS = [
    ("③の予算規模は約7.2億円です。", [THEME_3], "amount 720000000"),
    ("③の予算規模は約27.5億円です。", [THEME_1], "amount 2750000000"),
    ("①は約27.5億円、③は約7.2億円です。", [THEME_1, THEME_3], "of something else: 2750000000円"),
    ("①の2023年度の予算規模は7.2億円です。", [PERIOD, THEME_1], "year 2023"),
    ("①の予算規模は2025年度に約7.2億円です。", [THEME_1], "year 2025"),
    ("2020年10月に本部が設置されました。", ["令和2年11月に本部を設置した"], "date 2020-10"),
    ("計画期間は6年間です。", [PERIOD], "count 6年間"),
    ("WGは4つです。", [GROUPS], "count 4つ"),
    ("⑧の予算規模は約27.5億円です。", [THEME_3], "label label8"),
    ("(4)の予算規模は約27.5億円です。", [THEME_3], "label item4"),
    ("「八策アプリ」の予算は27.5億円です。", [THEME_3], "name 八策アプリ"),
    ("③は山田花子氏が担当し予算規模は27.5億円です。", [THEME_3], "name 山田"),
    ("③のMicrosoftの予算規模は27.5億円です。", [THEME_3], "name microsoft"),
    ("手続は実施する。", ["手続は実施しません。"], "turned round: 実施"),
    ("手続は実施しない。", ["手続は実施する。"], "turned round: 実施"),
    ("男性は80人、女性は120人です。", ["男性は120人、女性は80人である。"], "of something else: 80人"),
    ("番号は2です。", ["2020年12月"], "number 2"),
]


@pytest.mark.parametrize(("sentence", "quotes"), STANDS)
def test_what_stands(sentence: str, quotes: list[str]) -> None:
    assert unsupported(sentence, quotes) == []


@pytest.mark.parametrize(("sentence", "quotes", "problem"), FALLS)
def test_what_falls(sentence: str, quotes: list[str], problem: str) -> None:
    assert problem in unsupported(sentence, quotes)


@given(st.integers(1, 10**13))
def test_an_amount_stands_in_any_spelling_and_no_other_does(yen: int) -> None:
    source = [f"予算は{format_yen(yen)}です。"]
    assert unsupported(f"予算は{format_yen_exact(yen)}です。", source) == []
    assert f"amount {yen + 1}" in unsupported(f"予算は{format_yen_exact(yen + 1)}です。", source)


@given(st.integers(1989, 2100), st.integers(1, 30))
def test_a_year_stands_in_either_calendar_and_no_other_does(year: int, off: int) -> None:
    source = [f"{to_wareki(year)}に始めます。"]
    assert unsupported(f"{year}年度に始めます。", source) == []
    assert f"year {year + off}" in unsupported(f"{year + off}年度に始めます。", source)


@given(st.lists(st.integers(1, 20), min_size=2, max_size=5, unique=True), st.data())
def test_swapped_figures_are_seen(labels: list[int], data: st.DataObject) -> None:
    amounts = data.draw(
        st.lists(st.integers(1, 999), min_size=len(labels), max_size=len(labels), unique=True)
    )
    said = "、".join(f"{chr(0x245F + n)}は{amount}億円" for n, amount in zip(labels, amounts, strict=True))
    turned = "、".join(
        f"{chr(0x245F + n)}は{a}億円" for n, a in zip(labels, amounts[1:] + amounts[:1], strict=True)
    )
    assert mispaired(f"{said}です。", [f"{said}である。"]) == []
    assert mispaired(f"{turned}です。", [f"{said}である。"]) != []


def test_figures_carry_the_words_before_them() -> None:
    first, second = figures("①の予算は7.2億円、利用者は120人です。")
    assert (first.value, second.value) == ("720000000円", "120人")
    assert {"label1", "予算"} <= set(first.about)
    assert "利用" in second.about
    assert "予算" not in second.about


def real_texts() -> list[str]:
    paths = [*(ROOT / "corpus" / "data").rglob("*.md"), *(SHARED / "plans").glob("*.txt")]
    return [path.read_text("utf-8") for path in paths]


def test_every_sentence_of_the_plans_stands_on_itself_and_on_its_document() -> None:
    texts = real_texts()
    sentences = [(text[start:end], text) for text in texts for start, end in split(text)]
    assert len(sentences) > 50
    alarms = [(said, problems) for said, text in sentences[::6] if (problems := unsupported(said, [text]))]
    alarms += [(said, problems) for said, _ in sentences if (problems := unsupported(said, [said]))]
    assert alarms == []


def test_every_paragraph_of_an_encyclopaedia_stands_on_itself() -> None:
    path = SHARED / "data" / "jsquad-valid-v1.3.json"
    if not path.exists():
        pytest.skip("this checkout has no shared data")
    articles = json.loads(path.read_text("utf-8"))["data"]
    texts = [one["context"] for article in articles[::40] for one in article["paragraphs"]]
    assert len(texts) > 10
    assert [text for text in texts if unsupported(text, [text])] == []


def test_any_figure_of_the_plans_that_is_changed_falls() -> None:
    number = re.compile(r"\d+(?:\.\d+)?")
    passed, changed = [], 0
    for text in real_texts():
        sentences = [text[start:end] for start, end in split(text)]
        for sentence in [one for one in sentences if number.search(one)]:
            wrong = number.sub("98765", sentence, count=1)
            changed += 1
            passed += [] if unsupported(wrong, [sentence]) else [wrong]
    assert changed > 20
    assert passed == []


def test_support_is_the_share_of_words_that_are_there() -> None:
    assert support("予算の規模です。[1]", ["予算の規模は大きい"]) == 1.0
    assert support("予算の天気です。", ["予算の規模は大きい"]) == 0.5
    assert support("天気です。", ["予算の規模は大きい"]) == 0.0
    assert support("。", [""]) == 1.0


def test_marks_are_read_in_order_and_in_either_width() -> None:
    assert cited_numbers("予算です[2]、[１]期間です［3］。") == [2, 1, 3]
