"""A definition in a footnote belongs to the term that carries its number."""

from answers_made import asked, found

from assistant import notes

TEXT = """# 方針

国は協定責任7に関する取組を進める。公開制度8も改める。

6 別の語の説明である。

7 契約の相手と話し合い、約束を守る責任。

8 情報を公にする制度。
"""


def said(question: str) -> str | None:
    plan = found(TEXT)
    draft = notes.answer(asked(question), plan.hits, {plan.file.id: plan.text})
    if draft is None:
        return None
    quote = draft.sentences[0].quotes[0]
    assert plan.text[quote.start : quote.end] == quote.text
    return draft.sentences[0].text


def test_the_note_of_the_term() -> None:
    assert said("協定責任とは何ですか") == "契約の相手と話し合い、約束を守る責任。"
    assert said("公開制度とは何ですか") == "情報を公にする制度。"


def test_no_note_no_answer() -> None:
    assert said("取組とは何ですか") is None
    assert said("協定責任はいつからですか") is None
