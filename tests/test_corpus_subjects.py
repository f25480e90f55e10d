"""One sentence or paragraph: of what it speaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.amounts import find_amounts
from corpus.subjects import amount_subject, balanced, line_label, object_of, paragraph_topic


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("歳入歳出予算の総額は、それぞれ3億円と定める。", "歳入歳出予算"),
        ("粗大ごみの手数料は、1点500円とする。", "粗大ごみ"),
        ("その予算規模は2024年度に約7.2億円である。", None),
        ("令和7年度の事業費は2億円である。", None),
        ("総額に983千円を追加する。", None),
        ("補正予算の規模といたしましては、それぞれ3千920万円を増額する。", None),
        ("駅前広場の決算額は令和5年度が2億円だった。", "駅前広場"),
        ("財源は国庫補助金1,920万円である。", "国庫補助金"),
        ("財政調整基金を5.6億円積み立てた。", "財政調整基金"),
        ("国庫補助金として3,000万円を充てる。", "国庫補助金"),
        ("約2,100万円：介護事業所の支援", "介護事業所の支援"),
        ("1件につき300円（電子申請は別）の開示請求手数料が要る。", "開示請求手数料"),
        ("令和4年度に7兆円を、一般会計に繰り入れた。", "一般会計への繰り入れ"),
        ("平成24年度：約1億円", None),
        ("もともとは、2億円だった。", None),
        ("1台上限1万円が出る。", None),
    ],
)
def test_what_an_amount_is_of(sentence: str, subject: str | None) -> None:
    amount = find_amounts(sentence)[0]
    assert amount_subject(sentence, amount.start, amount.end) == subject


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("○道路の更新（国土交通省）　２億円", "道路の更新（国土交通省）"),
        ("小学校は年間約50万円", "小学校"),
        ("市町村　１自治体あたり200万円", "市町村"),
        ("公園では、2億円", None),
        ("令和6年度補正予算額　2億円", None),
    ],
)
def test_label_of_an_item(line: str, label: str | None) -> None:
    (amount,) = find_amounts(line)
    assert line_label(line, amount.start) == label


@pytest.mark.parametrize(
    ("paragraph", "topic"),
    [
        ("例えば、①窓口の改善では、主な取り組みを進める。", "①窓口の改善"),
        ("(5)人材WG :人材を育てる。2024年に新設した", "(5)人材WG"),
        ("市（以下「本市」という。）では、計画を定める。", "市"),
        ("予算額は、3億円とする。", None),
        ("本計画は、次のとおりとする。", None),
        ("約22億円：繰越金", None),
    ],
)
def test_paragraph_topic(paragraph: str, topic: str | None) -> None:
    assert paragraph_topic(paragraph) == topic


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("「首長サミット」に", "首長サミット"),
        ("鈴木町に特別養護老人ホームを", "鈴木町に特別養護老人ホーム"),
        ("鈴木町に", None),
        ("にばかりの事業を", "事業"),
    ],
)
def test_object_of_a_verb(text: str, name: str | None) -> None:
    assert object_of(text) == name


@given(st.text(alphabet="あい（）", max_size=12))
def test_brackets_come_out_in_pairs(text: str) -> None:
    left = balanced(text)
    assert left.count("（") == left.count("）")
