"""What is said where nothing is quoted: refusals, missing evidence, notices."""

from assistant.language import base_language

NOTICES = {
    "ja-simple": "しりょうに かいてある ことばを、そのまま しめします：",
    "en": "The documents are in Japanese; this is what they say:",
    "zh": "文件为日文，相关原文如下：",
    "ko": "문서는 일본어로 되어 있습니다. 해당 원문은 다음과 같습니다:",
    "vi": "Tài liệu bằng tiếng Nhật; nguyên văn như sau:",
}
TRANSLATED = {
    "ja-simple": "AIが やさしい ことばに かえました。もとの ことばは「出典」に あります。",
    "en": "Translated by an AI; the sources are in Japanese.",
    "zh": "以下由人工智能翻译，原文为日文。",
    "ko": "AI가 번역했습니다. 출처는 일본어입니다.",
    "vi": "Do AI dịch; nguồn bằng tiếng Nhật.",
}
NOT_FOUND = {
    "ja-simple": "しりょうには、かいて ありませんでした。",
    "ja": "お尋ねの内容は、登録されている資料には書かれていませんでした。",
    "en": "The documents do not say.",
    "zh": "现有文件中没有相关内容。",
    "ko": "등록된 문서에는 해당 내용이 없습니다.",
    "vi": "Tài liệu không nêu nội dung này.",
}
ASK_AT = {
    "ja-simple": "きく ところ：{contact}",
    "ja": "お問い合わせ先：{contact}",
    "en": "Please ask: {contact}",
    "zh": "咨询处：{contact}",
    "ko": "문의처: {contact}",
    "vi": "Nơi hỏi: {contact}",
}
NEAREST = {
    "ja-simple": "ちかい ないよう：{sections}",
    "ja": "近い内容：{sections}",
    "en": "Nearest sections: {sections}",
    "zh": "相近内容：{sections}",
    "ko": "가까운 내용: {sections}",
    "vi": "Mục gần nhất: {sections}",
}
FIGURES = {
    "ja-simple": "きんがくが かいて あるもの：{subjects}",
    "ja": "金額が書かれているもの：{subjects}",
    "en": "Figures are given for: {subjects}",
    "zh": "有金额记载的项目：{subjects}",
    "ko": "금액이 기재된 항목: {subjects}",
    "vi": "Có nêu số tiền cho: {subjects}",
}
REFUSALS = {
    "empty": ("質問を入力してください。", "Please enter a question."),
    "too_long": (
        "質問が長すぎます。{limit}文字以内にしてください。",
        "The question is too long: at most {limit} characters.",
    ),
    "control_characters": (
        "質問に使えない制御文字が含まれています。",
        "The question holds control characters.",
    ),
    "personal_data": (
        "個人情報を含む質問や、個人の情報を尋ねる質問にはお答えできません。個人情報を入力しないでください。",
        "Questions that hold or ask for personal data are not answered. Please do not enter personal data.",
    ),
    "rule_change": (
        "このアシスタントの動作を変える指示には従えません。計画について質問してください。",
        "Instructions that change how this assistant works are not followed. Please ask about the plans.",
    ),
}


def refusal(reason: str, language: str, limit: int) -> str:
    """Why a question is refused, in Japanese or else in English."""
    japanese, english = REFUSALS[reason]
    return (japanese if base_language(language) == "ja" else english).format(limit=limit)


def not_found(language: str, sections: list[str], contact: str, figures: list[str] | None = None) -> str:
    """That the documents do not say, what comes nearest or what has a figure, and whom to ask."""
    language = language if language in NOT_FOUND else "en"
    lines = [NOT_FOUND[language]]
    if figures:
        lines.append(FIGURES[language].format(subjects="、".join(figures)))
    elif sections:
        lines.append(NEAREST[language].format(sections="、".join(sections)))
    return "\n".join([*lines, ASK_AT[language].format(contact=contact)])


def is_not_found(text: str) -> bool:
    """Whether an answer says that the documents do not say, in any language."""
    return text.startswith(tuple(NOT_FOUND.values()))
