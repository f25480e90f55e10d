"""A sentence is an answer only if it holds what is asked for."""

import pytest
from answers_made import asked

from assistant import answering


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("予算はいくら", "費用は3億円です。", True),
        ("職員は前の年度と比べて何人増えましたか", "予算は次に定めるところによる。", False),
        ("女の人は何割ですか", "女性の割合は63.2％である。", True),
        ("受講者のうち、男の人は何人ですか", "受講者は52人。", False),
        ("受講者のうち、男の人は何人ですか", "受講者は男21人、女31人。", True),
        ("補助はいつ始まりましたか", "休憩室の整備に対する補助（Ｒ２～）", True),
        ("会議はいつ開かれましたか", "基本法（令和３年法律第 35 号）により会議を開く。", False),
        ("予算はいくら", "費用は市が負担します。", False),
        ("何位ですか", "全国で首位でした。", True),
        ("何位ですか", "全国で評価されました。", False),
        ("いつですか", "2023年に始めました。", True),
        ("いつですか", "始めました。", False),
        ("基本法はいつ改正されましたか", "基本法（平成28年法律第103号）による。", False),
        ("基本法はいつ制定されましたか", "基本法（平成28年法律第103号）による。", True),
        ("どんなときに見直しますか", "計画を見直します。", False),
        ("どんなときに見直しますか", "必要なときは見直します。", True),
        ("いつからですか", "来年2月から交付する。", True),
        ("何年度から何年度までですか", "令和7年度に始める。", False),
        ("いつまで使えますか", "令和5年10月1日から適用する。", False),
        ("いつまで使えますか", "令和8年9月30日まで適用する。", True),
        ("達成の期限はいつですか", "令和4年8月31日", True),
        ("達成の期限はいつですか", "改めて定める。", False),
        ("いつからいつまで受け付けますか", "令和6年7月1日から同月31日まで受け付ける。", True),
        ("手続は何分かかりますか", "手続は30分で終わります。", True),
        ("手続は何分かかりますか", "費用の2分の1を補助する。", False),
        ("調査日はいつですか", "2023年に調査した。", False),
        ("調査日はいつですか", "2023年7月13日に調査した。", True),
        ("収集日は何曜日ですか", "収集日：火・金", True),
        ("収集日は何曜日ですか", "収集日は年4回です。", False),
        ("職員は何人ですか", "職員一人当たりの給料", False),
        ("交付率は何パーセントですか", "交付率は37.9%。", True),
        ("どの課が担当ですか", "担当部課: 福祉部長寿課", True),
        ("どの課が担当ですか", "担当: 未定", False),
        ("「特定期間」とはいつのことですか", "「特定期間」とは、前の半年をいう。", True),
    ],
)
def test_what_a_sentence_must_hold(question: str, sentence: str, holds: bool) -> None:
    assert answering.holds(asked(question), sentence) is holds


def test_counts_and_numbers_that_tell_things_apart() -> None:
    assert answering.exact_counts("3人目の子、小数第1位まで") == {("3", "人")}
    assert answering.ordinals("補正予算（第２号）と第8期") == {"第2号", "第8期"}


def test_the_same_date_is_the_same_value_however_it_is_written() -> None:
    assert answering.values("令和7年度に始める") == answering.values("2025年度（令和7年度）に始める")
