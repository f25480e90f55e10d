import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import split


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市は計画を策定した。期間は5年間とする。", ["市は計画を策定した。", "期間は5年間とする。"]),
        ("本当か！？はい。 次へ", ["本当か！？", "はい。", "次へ"]),
        ("「A。B」と述べた。次の文", ["「A。B」と述べた。", "次の文"]),
        (
            "市（以下「本市」という。）では、四次にわたる。終",
            ["市（以下「本市」という。）では、四次にわたる。", "終"],
        ),
        ("『ランキング2023」(研究所)で首位。次", ["『ランキング2023」(研究所)で首位。", "次"]),
        ("（以下略。）次の文です。", ["（以下略。）", "次の文です。"]),
        (
            "窓口で受け付ける。（平成14年度から）\n次の文。",
            ["窓口で受け付ける。（平成14年度から）", "次の文。"],
        ),
        ("窓口で受け付ける。（１）次の項目", ["窓口で受け付ける。", "（１）次の項目"]),
        ("負担は半分。（令和6年度）次の文。", ["負担は半分。", "（令和6年度）次の文。"]),
        ("「閉じない。次の文。", ["「閉じない。", "次の文。"]),
        ("閉じるだけ。」次の文。", ["閉じるだけ。」", "次の文。"]),
        ("１．２倍、1.5倍、Ver.2です。", ["１．２倍、1.5倍、Ver.2です。"]),
        ("次のとおりである．別の文である．", ["次のとおりである．", "別の文である．"]),
        ("This is one. And two! Yes", ["This is one.", "And two!", "Yes"]),
        ("https://example.jp/?q=1 を見る。", ["https://example.jp/?q=1 を見る。"]),
    ],
)
def test_marks_and_brackets(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("経費の総額及\n び年割額は、表による。", ["経費の総額及\n び年割額は、表による。"]),
        ("最高額は、\n ５０，０００千円と定める。", ["最高額は、\n ５０，０００千円と定める。"]),
        (
            "社会実装に向けた取組を進め\n\nることが重要です。",
            ["社会実装に向けた取組を進め\n\nることが重要です。"],
        ),
        ("2024年に新設した\n\n これらの取り組みは続く。", ["2024年に新設した", "これらの取り組みは続く。"]),
        ("・りんご\n・みかん\n①ぶどう\n(1) もも", ["・りんご", "・みかん", "①ぶどう", "(1) もも"]),
        ("機器を含むシステム\n　（直接の対象）職員", ["機器を含むシステム", "（直接の対象）職員"]),
        ("議案第１８号\n令和８年度予算", ["議案第１８号", "令和８年度予算"]),
    ],
)
def test_line_breaks(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_lines_of_even_width_are_a_wrapped_paragraph() -> None:
    text = "本計画は、人口減少が進む中でも持続可能な行政運営\n体制を築くため、職員の働き方改革を図る。"
    assert sentences(text) == [text]


def test_only_the_span_asked_for() -> None:
    text = "前。中の文。後。"
    assert split(text, 2, 6) == [(2, 6)]
    assert split("  \n ") == []


@given(
    st.one_of(
        st.text(max_size=120), st.text(alphabet="あ漢A1。！？.．「」『』（）() \n　・①、て", max_size=80)
    )
)
def test_spans_are_trimmed_ordered_and_complete(text: str) -> None:
    spans = split(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())


def test_a_megabyte_is_split_in_seconds() -> None:
    text = "市は「計画（第2次）」を策定した。期間は5年間とする。\n" * 35_000 + "「（" * 5_000
    begun = time.process_time()  # of the processor: other work beside it does not count
    assert len(split(text)) > 60_000
    assert time.process_time() - begun < 10
