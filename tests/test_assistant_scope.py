"""Which documents a question names."""

from answers_made import asked, found

from assistant.scope import named_documents

PLAN = "# みほん市水道ビジョン\n\nみほん市は水道管の更新を進めます。\n"


def test_a_part_of_its_name_names_a_document() -> None:
    plan = found(PLAN)
    assert named_documents(asked("水道ビジョンの投資額はいくらですか"), plan.hits)


def test_a_municipality_or_a_year_names_none() -> None:
    plan = found(PLAN.replace("ビジョン", "令和9年度"))
    assert not named_documents(asked("みほん市の令和9年度の職員数は"), plan.hits)
