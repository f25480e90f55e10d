"""One sentence: its periods, deadlines, events and targets."""

import pytest

from corpus.statements import event_in, event_named, target_below, time_statements


@pytest.mark.parametrize(
    ("sentence", "kind", "subject", "years"),
    [
        ("運行開始は令和８年４月とする。", "開始", "運行", (2026,)),
        ("計画の策定：令和3年3月", "策定", "計画", (2020,)),
        ("整備率の向上は令和9年度末までに進める。", "期限", "整備率の向上", (2027,)),
        ("令和5年11月から総合システムが稼働した。", "開始", "総合システム", (2023,)),
        ("新庁舎は令和9年度末に完成する予定です。", "期限", "新庁舎", (2027,)),
        ("待機児童数を令和8年度までに0人とする。", "期限", "待機児童数", (2026,)),
        ("2035年までに電動車の割合を100％とする。", "期限", "電動車の割合", (2035,)),
        ("2026年度中を目途に、制度の見直しを終える。", "期限", "制度の見直し", (2026,)),
        ("令和5年度末をもって旧館は廃止とする。", "廃止", "旧館", (2023,)),
        ("令和9年度に料金の改定を検討する。", "改定", "料金", (2027,)),
        ("平成24年度から「藻場づくり事業」を実施している。", "開始", "藻場づくり事業", (2012,)),
        ("住民情報システムについて、令和4年1月の稼働開始を予定する。", "開始", "住民情報システム", (2021,)),
        ("2022年に公表された「気候報告書」を参照した。", "公表", "気候報告書", (2022,)),
        ("普及プラン（2022年11月策定）を進める。", "策定", "普及プラン", (2022,)),
        ("令和3年1月に接種担当を2名体制で設置した。", "設置", "接種担当", (2020,)),
        ("平成30年度から令和3年度まで、現況調査を実施した。", "期間", "現況調査", (2018, 2019, 2020, 2021)),
        ("任期：令和6年度～令和7年度の2年間", "期間", "任期", (2024, 2025)),
        ("第2次計画（計画期間：令和6～8年度）を定めた", "期間", "第2次計画", (2024, 2025, 2026)),
        ("2024年度から2025年度にかけて、照明の更新を進める。", "期間", "照明の更新", (2024, 2025)),
        ("・用地補償　令和６年度～７年度", "期間", "用地補償", (2024, 2025)),
        ("（開始年度: 令和６、終了年度: 令和７）", "期間", None, (2024, 2025)),
        ("（開始年度: 昭和25、終了年度: －）", "開始", None, (1950,)),
        ("計画の期間は、令和3年度に始まり、令和4年度に終わる。", "期間", "計画", (2021, 2022)),
        ("利用者数　現状　312人　→　目標（令和11年度）　330人", "目標", "利用者数", (2029,)),
    ],
)
def test_one_statement(sentence: str, kind: str, subject: str | None, years: tuple[int, ...]) -> None:
    (statement,) = time_statements(sentence)
    assert (statement.kind, statement.subject, statement.fiscal_years) == (kind, subject, years)


@pytest.mark.parametrize(
    "sentence",
    [
        "2023年には窓口の導入検討や支援に取り組んだ。",
        "基本法（平成28年法律第103号）に基づき策定する。",
        "2024年は好調だった。",
        "最終更新日が令和3年8月31日以前のページ",
        "2050年カーボンニュートラル計画を策定する。",
        "評価年度: 令和7年度",
        "シート作成日: 令和7年9月29日",
        "平成10年に提言した際、委員会の設置を求めた。",
    ],
)
def test_no_statement(sentence: str) -> None:
    assert list(time_statements(sentence)) == []


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("達成期限", "期限"),
        ("完了予定年度", "期限"),
        ("設立年月日", "設置"),
        ("設置期限（設置期間）", "期限"),
        ("作成日", None),
        ("事業名", None),
    ],
)
def test_the_event_that_a_label_names(label: str, kind: str | None) -> None:
    assert event_named(label) == kind


def test_an_entry_of_a_chronology() -> None:
    assert event_in("最適化方針の策定") == ("策定", "最適化方針")
    assert event_in("計画期間の最終年度") is None
    assert event_in("策定") is None


def test_a_target_stands_below_its_heading() -> None:
    sentence = "令和9年度末の整備率を100％とする。"
    (target,) = target_below(sentence, ("計画", "4 目標"))
    assert (target.kind, target.subject, target.fiscal_years) == ("目標", "整備率", (2027,))
    assert target_below(sentence, ("計画", "4 現状")) == []
    assert target_below("令和9年度は好調だった。", ("目標",)) == []
