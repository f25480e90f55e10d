import pytest

from corpus.normalise import narrow
from corpus.numbering import is_headline, label_of, rank


@pytest.mark.parametrize(
    ("line", "style", "number"),
    [
        ("第１編　総論", "編", 1),
        ("Ⅱ部 取組", "部", 2),
        ("第2章データの流通", "章", 2),
        ("1節 趣旨", "節", 1),
        ("７款　商工費", "款", 7),
        ("１項 商工費 5,525,329千円", "項", 1),
        ("2目 林業費", "目", 2),
        ("第三十七条の二 道府県", "条", 37),
        ("第１　概要", "第", 1),
        ("第１表　歳入歳出予算", "表", 1),
        ("Ⅰ　世帯", "Ⅰ", 1),
        ("IV. まとめ", "Ⅰ", 4),
        ("二　期間", "一", 2),
        ("２ 65歳以上の者の状況", "1", 2),
        ("３ 日本語の教育", "1", 3),
        ("２　歳　入", "1", 2),
        ("３－１．先行地域づくり", "1-1", 1),
        ("1.1.2 背景", "1-1-1", 2),
        ("（３）申出", "(1)", 3),
        ("⑵ 当該", "(1)", 2),
        ("2) 効率", "1)", 2),
        ("B．沿革", "A", 2),
        ("③ 戦後", "①", 3),
        ("イ 県", "ア", 2),
        ("（ウ）市", "(ア)", 3),
        ("ⅱ) 区", "ⅰ", 2),
        ("b 町", "a", 2),
        ("基本目標Ⅲ 安心", "基本:基本目標", 3),
        ("施策1-2 防災", "基本:施策-", 2),
        ("重点対策② 屋根", "基本:重点対策", 2),
        ("問３．期間は", "問", 3),
        ("資料編", "編", 0),
        ("別紙2", "別紙", 2),
        ("附則（令和3年決定）", "附則", 0),
        ("コラム：窓口", "コラム", 0),
        ("【重点方針】", "【】", 0),
        ("＜主な対応＞　※詳細は別に記す", "<>", 0),
        ("（継続費）", "()", 0),
        ("◆現状", "■:◆", 0),
    ],
)
def test_numbering_in_its_forms(line: str, style: str, number: int) -> None:
    found = label_of(narrow(line))
    assert found is not None
    assert found[:2] == (style, number)


@pytest.mark.parametrize(
    "line",
    [
        "5 人以上",
        "3 年前",
        "(3)年",
        "10 年間の推移",
        "第2章では",
        "第３章以降",
        "第２項の規定",
        "0 10 20 30",
        "項目",
        "一 般 職",
    ],
)
def test_what_only_begins_like_numbering(line: str) -> None:
    assert label_of(narrow(line)) is None


@pytest.mark.parametrize(
    "line", ["費用＝単価", "詳細は第2章を参照", "山田 太郎", "市民（令和3年", "令和8年2月3日提出"]
)
def test_no_headlines(line: str) -> None:
    assert not is_headline(narrow(line), 60)


def test_letters_set_apart_are_a_word_and_no_name() -> None:
    assert is_headline("歳 入", 60)


def test_styles_of_a_document_rank_as_their_kind() -> None:
    assert rank("基本:施策-") == rank("基本:戦略") < rank("(1)")
    assert rank("size3") == rank("plain")
