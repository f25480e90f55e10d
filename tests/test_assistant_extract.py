"""The sentences that answer, and only those that hold what was asked for."""

from answers_made import asked, found

from assistant import extract

PLAN = """# みほん市の計画

## (1) 窓口班

窓口班は申請の電子化を進めます。2023年には案内の見直しを始めました。その費用は市が負担します。

## (2) 人材班

人材班は研修を行います。研修には120人が参加しました。情報統括監は小泉浩之氏です。

## 第二次計画

第二次計画は令和元年に策定されました。業務改革（BPR：業務の流れの見直し）を進めます。
"""


def said(question: str, text: str = PLAN) -> list[str] | None:
    plan, ask = found(text), asked(question)
    draft = extract.answer(ask, plan.hits, plan.relevance(ask))
    if draft is None:
        return None
    assert all(plan.text[q.start : q.end] == q.text for sentence in draft.sentences for q in sentence.quotes)
    return [sentence.text for sentence in draft.sentences]


def test_the_sentence_that_says_it() -> None:
    assert (said("研修には何人が参加しましたか") or [""])[0].endswith("研修には120人が参加しました。")


def test_a_count_that_nobody_states_is_not_answered() -> None:
    assert said("研修は何回行われましたか") is None


def test_things_are_counted_where_they_are_named() -> None:
    text = "# 手続きの電子化\n\n主な取り組みは三つあります。\n\n## 体制\n\nチームは二つあります。"
    assert said("チームはいくつありますか", text) == ["チームは二つあります。"]
    assert said("手続きはいくつありますか", text) is None


def test_a_heading_that_counts_is_said_as_a_sentence() -> None:
    text = "# みほん市の体制\n\n## 2-2 5つのチーム\n\n市役所の中で活動しています。"
    assert (said("チームはいくつありますか", text) or [""])[0] == "チームは5つです。"


def test_a_difference_is_told_by_a_sentence_about_each() -> None:
    told = said("窓口班と人材班の違いは何ですか")
    assert told is not None
    assert [one.removeprefix("【(1) 窓口班】").removeprefix("【(2) 人材班】") for one in told] == [
        "窓口班は申請の電子化を進めます。",
        "人材班は研修を行います。",
    ]


def test_a_date_of_something_else_is_no_answer() -> None:
    assert said("人材班の研修はいつ始まりましたか") is None


def test_a_date_is_answered_from_the_passage_that_names_the_thing() -> None:
    assert "令和元年" in (said("第二次計画が策定されたのはいつですか") or [""])[0]


def test_a_definition_in_brackets() -> None:
    assert "業務の流れの見直し" in (said("BPRとは何ですか") or [""])[0]


def test_a_definition_goes_before_a_quotation_of_the_name() -> None:
    plan = "# 計画\n\n理念は「安心都市」です。安心都市とは、備えのある街のことです。\n"
    assert (said("「安心都市」とは何ですか", plan) or [""])[0].startswith("安心都市とは")


def test_a_name_is_asked_for() -> None:
    assert "小泉浩之" in (said("情報統括監の氏名は") or [""])[0]
    assert said("市長の氏名は") is None


def test_a_sentence_that_leans_back_is_quoted_with_the_one_before() -> None:
    assert any("案内の見直しを始めました。その費用は" in text for text in said("費用の負担は誰ですか") or [])


def test_who_is_spelled_out_from_the_heading() -> None:
    assert (said("2023年に案内の見直しを始めたのはどの班ですか") or [""])[0].startswith("【(1) 窓口班】")


def test_the_name_that_the_question_says_is_no_answer() -> None:
    plan, ask = (
        found("# 見守り事業の手引き\n\n高齢者の家を訪ねます。\n"),
        asked("見守り事業の手引きはどんなもの"),
    )
    draft = extract.answer(ask, plan.hits, plan.relevance(ask))
    assert draft and all(sentence.text != "見守り事業の手引き" for sentence in draft.sentences)


def test_who_issued_a_document_need_not_stand_in_the_passage() -> None:
    plan = found("# 案内\n\n水道庁の案内です。\n\n## 受付開始\n\n令和6年7月1日\n")
    ask = asked("水道庁の受付開始はいつですか")
    draft = extract.answer(ask, plan.hits, plan.relevance(ask))
    assert draft and "令和6年7月1日" in draft.sentences[0].text


def test_the_second_is_not_the_first() -> None:
    plan, ask = found("# 順位\n\nみほん市は評価で1位でした。\n"), asked("評価で2位だった市はどこですか")
    assert extract.answer(ask, plan.hits, plan.relevance(ask)) is None


def test_a_bare_question_is_answered_only_where_its_noun_stands() -> None:
    assert said("研修は") and said("職員の給与は") is None


def test_at_length_a_section_is_said_in_its_order() -> None:
    short, long = said("業務改革の研修について"), said("業務改革の研修について もっと詳しく")
    assert short and long and len(long) > len(short)
    places = [PLAN.index(text[-8:]) for text in long]
    assert places == sorted(places)


MINUTES = """# 議事録

## 耐用年数は

耐用年数は。

更新の時期としては、15年を目安に更新している。

## 交付率は

市の交付率は。

交付率は37.9%。なぜ進めるのか。
"""


def test_the_question_in_the_minutes_is_no_answer() -> None:
    plan, ask = found(MINUTES), asked("交付率は何%ですか")
    draft = extract.answer(ask, plan.hits, plan.relevance(ask))
    assert draft is not None
    assert [one.text for one in draft.sentences] == ["交付率は37.9%。"]


def test_what_only_repeats_the_question_is_no_answer() -> None:
    plan = found("# 見守り事業\n\n自治体: みほん市\n\n担当部課: 福祉部長寿課\n")
    ask = asked("みほん市の見守り事業はどの課が担当していますか")
    draft = extract.answer(ask, plan.hits, plan.relevance(ask))
    assert draft is not None and "福祉部長寿課" in draft.sentences[0].text
    assert not any("自治体" in one.text for one in draft.sentences)


def test_an_ordinal_tells_two_documents_apart() -> None:
    first = "## 補正予算（第1号）\n\n令和8年6月3日に補正予算を提出した。\n\n"
    text = f"# 補正予算\n\n{first}## 補正予算（第2号）\n\n令和8年9月9日に補正予算を提出した。\n"
    plan, ask = found(text), asked("補正予算（第2号）が提出されたのはいつですか")
    draft = extract.answer(ask, plan.hits, plan.relevance(ask))
    assert draft is not None
    assert [one.text for one in draft.sentences] == ["令和8年9月9日に補正予算を提出した。"]


def test_a_definition_stands_below_the_heading_that_is_the_noun() -> None:
    text = (
        "# 調査のことば\n\n## (1) 高齢者世帯\n\n65歳以上の者のみで構成する世帯をいう。\n\n"
        "## 結果\n\n高齢者世帯は高齢者世帯の数が増えた世帯として、多くの世帯と比べて注目される世帯である。\n\n"
        "| 高齢者世帯 | 割合 |\n|---|---|\n| 2001年 | 100.0　47.8　10.9 |\n| 2004年 | 100.0　47.4　11.2 |\n"
    )
    best = (said("「高齢者世帯」はどういう世帯を指しますか", text) or [""])[0]
    assert best.endswith("65歳以上の者のみで構成する世帯をいう。")


def test_the_event_whose_date_is_asked_for() -> None:
    text = "# ごみの試験収集\n\n平成21年10月に試験収集を開始し、地区を広げた。\n\n令和6年3月末をもって終了した。\n"
    assert (said("試験収集はいつ終わりましたか", text) or [""])[0] == "令和6年3月末をもって終了した。"
    assert (said("試験収集はいつ始まりましたか", text) or [""])[0].startswith("平成21年10月")


def test_days_that_something_takes_are_no_date() -> None:
    text = "# 認定\n\n令和3年4月5日に認定を見直した。\n\n認定までの日数は、令和2年度は32.6日。\n"
    assert (said("認定までに令和2年度は何日くらいかかりましたか", text) or [""])[0].endswith("32.6日。")


def test_until_when_is_told_by_a_day_of_reckoning() -> None:
    text = "# 仕様\n\n仕様書は令和5年3月に公表した。\n\n機能の適合基準日は令和8年4月1日とする。\n"
    assert (said("機能はいつまでに適合すればよいですか", text) or [""])[0].endswith("令和8年4月1日とする。")


def test_a_number_of_another_year_is_no_answer() -> None:
    text = "# 証の交付\n\n## 短期証は何件か\n\n令和2年度の短期証の交付は3件。\n"
    assert said("短期証は平成30年度に何件交付されましたか", text) is None
    assert said("短期証は令和2年度に何件交付されましたか", text) is not None


def test_a_second_number_of_the_same_things_is_not_added() -> None:
    text = (
        "# 透析\n\n令和2年度の透析を受けた人は118人。透析を受けている人が140人と考えると7億円になります。\n"
    )
    assert said("令和2年度に透析を受けた人は何人ですか", text) == ["令和2年度の透析を受けた人は118人。"]


def test_a_time_of_day_is_told_by_a_time() -> None:
    text = (
        "# 道の駅\n\n道の駅の管理には91人が働く。\n\n| 道の駅 | 額 |\n|---|---|\n| 道の駅管理費 | 91,951 |\n"
    )
    assert said("道の駅は何時まで開いていますか", text) is None
    assert (
        said("道の駅は何時まで開いていますか", text + "\n道の駅は午後5時30分まで開いている。\n") is not None
    )


def test_a_heading_says_neither_yes_nor_no() -> None:
    text = "# 八策\n\n①全ての手続きをデジタルへ\n\n②くらしをデジタルへ\n"
    assert said("全ての手続きはデジタルでできますか", text) is None


def test_the_noun_of_a_clause() -> None:
    assert asked("予算書に出てくる減収補てん債とは何ですか").focus == "減収補てん債"
    assert asked("計画の基本理念は何ですか").focus == "基本理念"


def test_a_heading_that_is_a_clause_is_quoted_as_it_is() -> None:
    text = "# 推進体制\n\n## 5つの班で市の課題に取り組む\n\n班は窓口の改革を進める。\n"
    assert all("取り組むは" not in sentence for sentence in said("班はいくつありますか", text) or [])


def test_rows_of_one_table_leave_room_for_the_text() -> None:
    rows = "\n".join(f"| 案内板の費用{number} | {number} | 0 |" for number in range(20))
    text = f"# 案内板\n\n| 名前 | 案内板 | 費用 |\n|---|---|---|\n{rows}\n\n案内板は毎週水曜日に直します。\n"
    assert said("案内板は何曜日に直しますか", text) == ["案内板は毎週水曜日に直します。"]


def test_a_bare_date_tells_the_date_of_its_document_only() -> None:
    text = "# 会議の案内\n\n令和3年9月7日\n\n会議を開きます。\n"
    assert said("会議はいつ開かれましたか", text) is None
    assert said("会議の資料の日付はいつですか", text) == ["令和3年9月7日"]


def test_the_title_of_a_document_is_no_answer() -> None:
    text = "# みほん市の見守り計画\n\n地域の人が見守り、声をかけます。\n"
    assert said("みほん市の見守り計画では何をしますか", text) == ["地域の人が見守り、声をかけます。"]


def test_the_subject_of_a_sentence_tells_whose_date_it_is() -> None:
    text = (
        "# 指定の案内\n\n指定を受ける団体は令和7年4月1日から同年8月31日までの間に申出書等を出します。\n\n"
        "申出書等の提出期間は、令和6年7月1日から同月31日までとします。\n"
    )
    first = (said("指定を受ける申出書の提出期間はいつからいつまでですか", text) or [""])[0]
    assert "令和6年7月1日から" in first


def test_one_date_is_asked_for_and_one_is_told() -> None:
    text = "# 計画\n\n次の計画は令和7年度に検討します。\n\n市は平成13年に生まれ、計画を四次にわたって作りました。\n"
    assert said("次の計画はいつ検討しますか", text) == ["次の計画は令和7年度に検討します。"]


def test_a_number_is_of_those_whom_it_is_asked_of() -> None:
    text = (
        "# アンケートの結果\n\n7月のアンケートでは、約21万7千人もの児童生徒から意見をいただきました。\n\n"
        "アンケートでは、児童生徒から約21.7万件、大人から約4.2万件の意見をいただきました。\n"
    )
    first = (said("2021年のアンケートで、大人からの意見はどのくらい集まりましたか", text) or [""])[0]
    assert "大人から約4.2万件" in first


def test_who_holds_an_office_stands_in_its_row() -> None:
    text = "# 会議\n\n| 役 | 氏名 |\n|---|---|\n| 構成員 | 安藤 一郎 |\n| 座長 | 上野 二郎 |\n"
    assert (said("会議の座長は誰ですか", text) or [""])[0] == "役：座長、氏名：上野 二郎"


def test_an_office_that_nothing_names_has_no_holder() -> None:
    text = "# みほん市の広報\n\n広報紙の編集は外部に委託している。編集委員長は佐藤花子氏である。"
    assert "編集委員長は佐藤花子氏である。" in (said("広報紙の編集委員長は誰ですか", text) or [""])[0]
    assert said("広報紙の発行人の会長は誰ですか", text) is None


def test_a_limit_is_told_with_its_word() -> None:
    text = "# みほん市の制度\n\n外注は月額200,000円である。税込1万円未満の返品は交付義務が免除される。"
    assert said("交付義務が免除されるのはいくら未満の返品ですか", text) == [
        "税込1万円未満の返品は交付義務が免除される。"
    ]


def test_where_something_is_told_by_the_sentence_about_it() -> None:
    text = (
        "# みほん市の地籍調査\n\n昭和38年度から43年度に地籍調査を行った地区の地籍図は、再調査の精度が求められている。"
        "再調査地区は、南町、北町の各一部である。"
    )
    assert "再調査地区は、南町、北町の各一部である。" in (said("再調査をする地区はどこですか", text) or [])[0]


def test_whether_something_goes_on_is_told_by_its_end() -> None:
    text = (
        "# みほん市 共済加入促進事業\n\n共済加入促進事業の対象は、共済に新たに加入した市内の事業主である。\n\n"
        "この事業は、令和6年度をもって廃止した。"
    )
    assert "廃止した。" in (said("共済加入促進事業は今も続いていますか", text) or [""])[0]


def test_a_number_is_of_the_things_as_the_question_narrows_them() -> None:
    text = "# みほん市の防災\n\n指定避難所は27か所とする。震度6弱以上で全職員配備とする。申請した団体は20団体だった。"
    assert said("避難所は何か所ですか", text) is not None
    assert said("ペットと一緒に避難できる避難所は何か所ありますか", text) is None
    assert said("申請しなかった団体は何団体でしたか", text) is None


def test_a_level_is_told_with_its_name() -> None:
    text = "# みほん市の防災\n\n指定避難所は27か所とする。震度6弱以上で全職員配備とする。"
    assert (
        "震度6弱以上で全職員配備とする。"
        in (said("全職員配備になるのは震度いくつ以上ですか", text) or [""])[0]
    )
