"""Attempts to change the assistant's rules or to see them, in Japanese, English, Chinese and Korean.

Questions about rules, orders and their repeal are everyday in public offices. So a pattern asks for more than
a noun and a verb: an order to the reader (…してください, a sentence that begins with “ignore”), or rules
named as the assistant's own (これまでの指示, あなたの設定, previous instructions).
"""

import re

RULES_JA = r"(?:指示|命令|規則|ルール|制約|制限|設定|プロンプト|ガイドライン|役割|決まり|約束事)"
OWN_JA = (
    r"(?:これまで|今まで|いままで|ここまで|上記|上の|以前|前の|先の|先ほど|最初の|直前の|元の|もとの|"
    r"従来の|既存の|与えられ|受け取っ|"
    r"設定され|あなた|きみ|君の|お前|AI|システム|アシスタント|ボット|開発者から|運営から|初期|内部)"
)
CANCEL_JA = (
    r"(?:忘れ|無視し|破棄し|捨て|上書きし|取り消し|解除し|リセットし|無効に|無効化し|消去し|クリアし|"
    r"従わない|従わず|守らない|守らず|"
    r"なかったことに|無かったことに|ないものと|外し)"
)
CANCEL_NOUN_JA = r"(?:無視|忘却|破棄|上書き|取り?消し?|解除|リセット|無効化|消去|クリア)"
ORDER_JA = (
    r"(?:て|で|たうえで|た上で|し|なさい|ろ|よ)?(?:ください|下さい|くれ|ほしい|欲しい|もらえ|もらい|いただ|"
    r"頂|ね|よ)"
)
SHOW_JA = r"(?:表示|見せ|教え|出力|公開|開示|書き出|書いて|そのまま|全文|要約|翻訳|読み上げ|繰り返)"
RULES_EN = (
    r"(?:instructions?|rules?|prompts?|guidelines?|system messages?|constraints?|restrictions?|directives?|"
    r"guardrails?)"
)
CANCEL_EN = r"(?:ignore|disregard|forget|override|overwrite|bypass|drop|discard|skip|disable)"
OWN_EN = r"(?:your|my|previous|prior|above|earlier|preceding|existing|original|former|system|initial)"
ORDER_EN = (
    r"(?:^|[.!?:;,\n]\s*|\b(?:please|now|and|then|first|just|you must|you should|you will|can you|could "
    r"you) )"
)
SHOW_EN = (
    r"(?:print|show|reveal|repeat|output|tell me|display|leak|write out|give me|what (?:is|are|were)|"
    r"summari[sz]e|translate)"
)
OWN_TEXT_EN = (
    r"(?:(?:system|initial|hidden|internal|secret|original|developer) (?:prompt|message|instructions?|"
    r"rules)|your (?:\w+ )?(?:prompt|instructions))"
)

PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # 規則を変える / cancelling the rules
        rf"{OWN_JA}[^。\n]{{0,14}}{RULES_JA}[^。？?\n]{{0,20}}(?:{CANCEL_JA}|{CANCEL_NOUN_JA})",
        rf"{RULES_JA}[^。？?\n]{{0,12}}{CANCEL_JA}{ORDER_JA}",
        rf"{CANCEL_JA}{ORDER_JA}[^。\n]{{0,4}}{RULES_JA}",
        rf"{RULES_JA}(?:は|を|も)?(?:全部|ぜんぶ|すべて|全て|一切)?(?:忘れて|無視して|捨てて|破棄して)[、"
        rf",。!！]?\s*(?:$|何でも|自由|答え|回答|次|以下|代わり|かわり|ただ)",
        r"(?:指示|命令|ルール|プロンプト|制約|制限)(?:なし|無し)(?:で|に|の)(?:答え|回答|話|動|モード|AI)",
        rf"{ORDER_EN}{CANCEL_EN}\b[^.?\n]{{0,40}}{RULES_EN}",
        rf"\b{CANCEL_EN}\b (?:\w+ ){{0,3}}?{OWN_EN} (?:\w+ ){{0,3}}?{RULES_EN}",
        rf"{ORDER_EN}{CANCEL_EN} (?:everything|all|anything) (?:you|that|above|before|i said|said)",
        r"(?:忽略|无视|無視|忘记|忘記|忘掉)[^。\nぁ-ん]{0,12}(?:指令|指示|规则|規則|提示)",
        r"(?:지시|명령|규칙|프롬프트)[^.\n]{0,12}(?:무시|잊|따르지)",
        # 規則を見る / seeing them
        rf"(?:システム|初期|内部(?:で使[^。]{{0,6}})?|最初の|隠れた|隠された|裏の|"
        rf"開発者の?)\s*(?:プロンプト|設定文|指示文?|命令文?|メッセージ)[^。\n]{{0,30}}{SHOW_JA}",
        rf"(?:あなた|きみ|君|この(?:AI|アシスタント|ボット|チャット))(?:自身)?(?:の|に|へ|が)[^。"
        rf"\n]{{0,15}}(?:プロンプト|指示文?|命令文|ルール|設定文?|制約|システムメッセージ)[^。"
        rf"\n]{{0,20}}{SHOW_JA}",
        rf"プロンプト(?:を|の全文|の内容|は)[^。\n]{{0,20}}(?:{SHOW_JA}|何)",
        rf"{SHOW_EN}\b[^.。\n]{{0,40}}{OWN_TEXT_EN}",
        r"(?:系统|系統|시스템) ?(?:提示|프롬프트|指令)",
        # 言わせる / dictating what to say
        r"(?:どんな|全ての|すべての|あらゆる)質問(?:に|に対し)(?:て)?(?:も|は)?[^。\n]{0,60}(?:」|だけ|"
        r"のみ|必ず|とだけ)[^。\n]{0,6}(?:答え|回答|返|言)",
        r"[」』\"]\s*と(?:だけ|のみ)(?:答え|回答|言|返|出力|書)",
        r"(?:^|[.!?,]\s*|please |only |just )(?:respond|reply|answer) (?:only )?with (?:only )?(?:the "
        r"(?:word|phrase) )?[\"“'「]",
        # 役を変える / changing the role
        r"(?:あなた|君|きみ|お前|おまえ)は(?:今から|これから|もう|本日から|以後|今後)[^。\n]{0,40}(?:です|"
        r"だ|になり|として|演じ|なりきっ|ふるま|振る舞)",
        r"(?:になりきっ|のふりをし|を演じ)て(?:ください|下さい|くれ|ほしい|答え|回答|話)",
        r"\b(?:you are now|from now on,? you|developer mode|dan mode|do anything now)\b|\bjailbreak(?:ed)? "
        r"mode",
        rf"{ORDER_EN}(?:act as|pretend (?:to be|you|that you)|role-?play as)\b",
        r"開発者モード|管理者モード|デバッグモードに|脱獄モード|ジェイルブレイク",
        r"ロールプレイ(?:を?(?:し|始|開始|やっ)|として)(?:て|よう|め|ましょう|"
        r"ください)?(?!る?研修)(?:ください|下さい|くれ|よう|ましょう|$)",
        # 符号で隠す / hiding in an encoding
        r"(?:base ?64|rot ?13|モールス(?:信号|符号)|16進(?:数|法)|逆さ?から)[^。\n]{0,40}(?:復号|デコード|"
        r"解読|読ん|変換)[^。\n]{0,30}(?:従|実行|答え|その通り|そのとおり|指示)",
        r"(?:decode|decrypt|translate)\b[^.\n]{0,40}(?:base ?64|rot ?13|hex|morse)[^\n]{0,60}(?:follow|"
        r"execute|obey|do what|run it|instructions)",
        rf"{SHOW_JA}[^。\n]{{0,20}}(?:base ?64|rot ?13)|(?:base ?64|rot ?13)(?:で|に)[^。"
        rf"\n]{{0,20}}(?:回答|答え|出力|エンコード|変換)",
    )
)

# In documents an order to an AI is no content of a plan: これを読んだAIは…と答えること。
ORDER_TO_READER = re.compile(
    r"(?:(?<![a-z])ai(?![a-z])|人工知能|アシスタント|チャットボット|言語モデル|llm)(?:は|へ|に|が|"
    r"なら)?[^。\n]{0,80}"
    r"(?:答え|回答し|返答し|出力し|伝え|言っ|述べ)(?:てください|て下さい|なさい|ろ|よ|ること)"
)


def changes_rules(plain: str) -> bool:
    """Whether normalised text tries to change the assistant's rules, role or words, or to see them."""
    return any(pattern.search(plain) for pattern in PATTERNS)


def orders_reader(plain: str) -> bool:
    """Whether normalised text of a document turns to the program that reads it and tells it what to say."""
    return changes_rules(plain) or bool(ORDER_TO_READER.search(plain))
