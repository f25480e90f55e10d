"""Short names that a text explains: what is found, what must not be, and what a library makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.abbreviations import MOST_MEANINGS, find_aliases, merge


def found(text: str) -> list[tuple[str, str]]:
    return [(alias.short, alias.long) for alias in find_aliases(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("市は情報通信技術（以下「ICT」という。）を使う。", "ICT", "情報通信技術"),
        ("情報通信技術（以下、「ＩＣＴ」と略す）", "ICT", "情報通信技術"),
        ("情報通信技術（以下単に「ICT」とする）", "ICT", "情報通信技術"),
        ("情報通信技術（以下ICTという。）", "ICT", "情報通信技術"),
        ("情報通信技術(以下｢ICT｣という｡)".replace("｢", "「").replace("｣", "」"), "ICT", "情報通信技術"),
        ("各課のワーキンググループ（WG）を", "WG", "ワーキンググループ"),
        ("みほん市ワーキンググループ（ＷＧ）", "WG", "ワーキンググループ"),
        ("DX（デジタルトランスフォーメーション）", "DX", "デジタルトランスフォーメーション"),
        ("AI(人工知能)の活用", "AI", "人工知能"),
        ("地方の情報連携推進機構（J-LIS）", "J-LIS", "情報連携推進機構"),
        ("環境・社会・ガバナンス（ESG）投資", "ESG", "環境・社会・ガバナンス"),
        ("MaaS（Mobility as a Service）", "MaaS", "Mobility as a Service"),
        ("LED：Light Emitting Diode", "LED", "Light Emitting Diode"),
        ("国民健康保険（略称：国保）", "国保", "国民健康保険"),
        ("みほん市防災交流センター（愛称「ゆめぽーと」）", "ゆめぽーと", "みほん市防災交流センター"),
        ("BPRはビジネスプロセスリエンジニアリングの略です", "BPR", "ビジネスプロセスリエンジニアリング"),
        ("WG：ワーキンググループの略称", "WG", "ワーキンググループ"),
        ("WG\tワーキンググループの略", "WG", "ワーキンググループ"),
        ("診療では国民健康保険（国保）が", "国保", "国民健康保険"),
    ],
)
def test_one_short_name(text: str, short: str, long: str) -> None:
    pairs = found(text)
    assert len(pairs) == 1
    assert pairs[0][0] == short
    assert long.endswith(pairs[0][1])
    assert len(pairs[0][1]) >= len(long) - len("みほん市")


def test_both_expansions_of_an_acronym() -> None:
    both = [("DX", "デジタルトランスフォーメーション"), ("DX", "Digital Transformation")]
    assert found("デジタルトランスフォーメーション（Digital Transformation：DX）") == both
    assert found("BCPとは、Business Continuity Plan（業務継続計画）の略。") == [
        ("BCP", "Business Continuity Plan"),
        ("BCP", "業務継続計画"),
    ]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        (
            "進めるに当たり、資源の循環の推進に関する法律（令和元年法律第1号。以下「資循法」という。）は",
            "資循法",
            "資源の循環の推進に関する法律",
        ),
        ("市は、子ども読書推進条例（以下「子読条例」という。）を", "子読条例", "子ども読書推進条例"),
        ("国の「水と緑を守る特別措置法」（以下「水緑法」という。）", "水緑法", "水と緑を守る特別措置法"),
        ("第七条中介護保険法（以下「介保法」という。）", "介保法", "介護保険法"),
        ("国が所管する介護保険法（以下「介保法」という。）", "介保法", "介護保険法"),
    ],
)
def test_the_title_of_a_law_is_cut_where_it_begins(text: str, short: str, long: str) -> None:
    pairs = found(text)
    assert [name for name, _ in pairs] == [short]
    assert pairs[0][1].endswith(long)


@pytest.mark.parametrize(
    "text",
    [
        "計画（2021年）、目標（令和3年度）、費用（千円）、大綱（案）、方針（1）",
        "西（にし）地区、英国（イングランド）",
        "総務課（庶務係）が担当する。",
        "みほん市（以下「本市」という。）は、市（以下「市」という。）",
        "みほん市総合振興計画（以下「総合振興計画」という。）",  # a piece of the long name
        "みほん市情報公開条例（以下「本条例」という。）",
        "市税条例の一部を改正する条例（以下「改正条例」という。）",
        "第二条の規定による改正前の市税条例（以下「旧税条例」という。）",
        "株式会社みほん総合研究所（以下「受託者」という。）",  # a part played, in this document only
        "指定を受けた都道府県（以下この条において「都道府県等」という。）",
        "掲載し、発信している情報（以下「コンテンツ」といいます。）",
        "開示請求書（WORD:77KB）、新しい様式集（PDF）、エネルギー使用量（GJ）",
        "公用車導入（EV）、補助金交付件数（ノロウイルス）、乳幼児（BCG）",
        "移動手段整備事業（EV、カーシェアリング）、連携（例：改正個人情報保護法、GDPR）",
        "情報交換会議（IFIAR37）",  # the figure of a footnote
        "第三期計画（III）、総合計画（IV）",
        "戦略の略図、WGの攻略",
    ],
)
def test_ordinary_brackets_explain_nothing(text: str) -> None:
    assert found(text) == []


def test_the_place_holds_both_names() -> None:
    text = "市は、情報通信技術（以下「ＩＣＴ」という。）とDX（デジタルトランスフォーメーション）を進める。"
    places = [text[alias.start : alias.end] for alias in find_aliases(text)]
    assert places == ["情報通信技術（以下「ＩＣＴ」という。）", "DX（デジタルトランスフォーメーション）"]


NOISE = st.text(
    st.sampled_from("「」（）()、。:：以下略称のという はがとABDXabc法条例漢字情報システム12年度\n\t ")
)


@given(NOISE)
def test_any_text_gives_ordered_places_inside_it(text: str) -> None:
    aliases = list(find_aliases(text))
    assert all(0 <= alias.start < alias.end <= len(text) for alias in aliases)
    assert aliases == sorted(aliases, key=lambda alias: (alias.start, alias.end))
    assert all(
        alias.short not in alias.long and len(alias.short) > 1 for alias in aliases if alias.short[0] > "z"
    )


@given(NOISE, st.sampled_from(["、", "。", "\n"]))
def test_what_stands_before_a_break_does_not_change_the_name(noise: str, stop: str) -> None:
    text = noise.replace("(", "").replace("（", "") + stop + "情報通信技術（ICT）"
    assert [pair for pair in found(text) if pair[0] == "ICT"][-1] == ("ICT", "情報通信技術")


def test_a_library_counts_meanings() -> None:
    names = [
        ("WG", "作業部会"),
        ("ＷＧ", "ワーキンググループ"),
        ("wg", "ワーキンググループ"),
    ]
    assert merge(names) == {"wg": ("ワーキンググループ", "作業部会")}


def test_a_longer_cut_of_the_same_name_is_no_other_meaning() -> None:
    names = [("SSO", "シングルサインオン"), ("SSO", "学校シングルサインオン")]
    assert merge(names) == {"sso": ("シングルサインオン",)}
    assert merge([("PHR", "パーソナル・レコード"), ("PHR", "パーソナルレコード")])["phr"]


def test_what_means_too_much_or_is_one_character_is_dropped() -> None:
    names = ["作業部会", "実務会議", "検討組織", "専門班"]
    assert len(names) > MOST_MEANINGS
    assert merge([("WG", name) for name in names]) == {}
    assert merge([("都", "東京都庁")]) == {}
