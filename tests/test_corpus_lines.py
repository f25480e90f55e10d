from corpus.headings import find_headings, section_paths
from corpus.lines import contents_of
from corpus.load_text import load_text
from corpus.passages import passages_of

BODY = "本計画は、人口減少が進む中でも持続可能な行政運営の体制を築くことを目的として定めるものである。"


def said(lines: list[str]) -> list[str]:
    """The lines taken as a table of contents."""
    document = load_text("\n".join(lines))
    starts = contents_of(document)
    return [document.text[start:end] for start, end in document.blocks if start in starts]


def test_contents_below_their_title() -> None:
    lines = ["計画", "目　次", "第１章 概要 1", "第２章 施策 12", "第１章 概要", BODY, "第２章 施策", BODY]
    assert said(lines) == lines[1:4]


def test_contents_with_leaders_that_are_said_again() -> None:
    lines = ["第1章 概要………1", "第2章 施策………12", "資料編………30", "第1章 概要", BODY, "第2章 施策", BODY]
    assert said(lines) == lines[:3]


def test_a_price_list_with_leaders_is_content() -> None:
    assert said(["手数料…………300", "印紙代…………200", "証明書…………400", BODY]) == []


def test_a_document_that_is_all_contents_is_content() -> None:
    assert said(["目次", "第1章 概要 1"]) == []


def test_a_list_of_what_follows_is_content_but_no_headings() -> None:
    lines = [
        "次の三つを柱とする。",
        "基本方針1 窓口",
        "基本方針2 人材",
        "基本方針1 窓口",
        BODY,
        "基本方針2 人材",
        BODY,
    ]
    assert said(lines) == []
    document = load_text("\n".join(lines))
    headings = find_headings(document)
    assert [document.text[: one.start].count("\n") for one in headings] == [3, 5]


def test_a_list_that_an_appendix_repeats_keeps_its_headings() -> None:
    measures = [
        "(1) 住宅",
        "① 省エネの推進",
        "木材の利用を進める。",
        "(2) 交通",
        "① 電動化の推進",
        "公共交通を守る。",
    ]
    lines = ["1 対策", BODY, *measures, "2 今後", BODY, "別紙1", *measures]
    found = [heading.text for heading in find_headings(load_text("\n".join(lines)))]
    assert found.count("(2) 交通") == 2


def test_contents_are_not_searched() -> None:
    text = "\n".join(
        [
            "市の計画である。",
            "目次",
            "第１章 概要 1",
            "第２章 施策 12",
            "第１章 概要",
            BODY,
            "第２章 施策",
            BODY,
        ]
    )
    document = load_text(text)
    passages = passages_of("d", document, section_paths(document))
    assert not any("目次" in passage.text or "12" in passage.text for passage in passages)
    assert "市の計画である。" in passages[0].text
