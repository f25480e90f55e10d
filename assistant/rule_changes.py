"""Attempts to change the assistant's rules or to see them, in Japanese, English, Chinese, Korean and Vietnamese.

Questions about rules, orders and their repeal are everyday in public offices. So a pattern asks for more than
a noun and a verb: an order to the reader (…してください, a sentence that begins with “ignore”), or rules
named as the assistant's own (これまでの指示, あなたの設定, previous instructions).
"""

import re

RULES_JA = r"(?:指示|命令|規則|ルール|制約|制限|設定|プロンプト|ガイドライン|役割|決まり|約束事)"
OWN_JA = (
    r"(?:これまで|今まで|いままで|ここまで|上記|上の|以前|前の|先の|先ほど|最初の|直前の|元の|もとの|"
    r"従来の|既存の|与えられ|受け取っ|さっき|これより(?:上|前)|ここから先|この(?:会話|チャット|セッション|対話)|"
    r"設定され|あなた|きみ|君の|お前|AI|システム|アシスタント|ボット|開発者から|運営から|初期|内部)"
)
CANCEL_JA = (
    r"(?:忘れ|無視し|破棄し|捨て|上書きし|取り消し|解除し|リセットし|無効に|無効化し|消去し|クリアし|"
    r"従わない|従わず|守らない|守らず|オフにし|"
    r"(?:従わ|守ら)なくて(?:も)?(?:いい|良い|よい|よく|構わ|かまわ|大丈夫)(?!(?:の|ん)?(?:です|でしょう)?か)|"
    r"なかったことに|無かったことに|ないものと|外し)"
)
# Not as an attribute of something else: 制限を解除する手続き.
CANCEL_NOUN_JA = (
    r"(?:無視|忘却|破棄|上書き|取り?消し?|解除|リセット|無効化|消去|クリア)"
    r"(?!する(?:[一-龠の]|ため|とき|こと[はが])|[にのはが])"
)
ORDER_JA = (
    r"(?:て|で|たうえで|た上で|し|なさい|ろ|よ)?(?:ください|下さい|くれ|ほしい|欲しい|もらえ|もらい|いただ|"
    r"頂|ね|よ)"
)
SHOW_JA = (
    r"(?:表示|見せ|教え|出力|公開|開示|書き出|書いて|そのまま|全文|要約|翻訳|訳し|読み上げ|繰り返|"
    r"列挙|箇条書き|コピー|貼)"
)
SHOW_ORDER_JA = r"(?:見せ|教え|表示し|出力し|開示し|書き出し|読み上げ|繰り返し|コピーし|貼り?付?け|貼っ)て"
GUARD_JA = r"(?:安全装置|安全機能|セーフティ|フィルター?(?!リング)|検閲|ガードレール)"
UNBOUND_JA = r"(?:無制限|無検閲|(?:指示|命令|ルール|プロンプト|制約|制限|検閲|フィルター?)(?:なし|無し|オフ))"
SOURCES_JA = r"(?:出典|引用元?|根拠|情報源|資料)"
YOU_JA = r"(?:あなた|きみ|君|お前|おまえ)"
I_JA = r"(?:私|わたし|俺|おれ|僕|ぼく)"
RULES_EN = (
    r"(?:instructions?|rules?|prompts?|guidelines?|system messages?|constraints?|restrictions?|directives?|"
    r"guardrails?)"
)
CANCEL_EN = (
    r"(?:ignore|disregard|forget|override|overwrite|bypass|drop|discard|skip|disable|abandon|set aside|"
    r"turn off|throw away|(?:stop|quit) (?:following|obeying)|(?:don't|do not) (?:follow|obey))"
)
OWN_EN = r"(?:your|my|previous|prior|above|earlier|preceding|existing|original|former|system|initial)"
ORDER_EN = (
    r"(?:^|[.!?:;,\n]\s*|\b(?:please|now|and|then|first|just|you must|you should|you will|can you|could "
    r"you) )"
)
SHOW_EN = (
    r"(?:print|show|reveal|repeat|output|tell me|display|leak|write out|give me|what (?:is|are|were)|"
    r"summari[sz]e|translate|remind me|quote|recite|copy|paste|share|disclose|describe)"
)
OWN_TEXT_EN = (
    r"(?:(?:system|initial|hidden|internal|secret|original|developer) (?:prompt|message|instructions?|"
    r"rules)|your (?:\w+ )?(?:prompt|instructions)|"
    r"your (?:initiali[sz]ation|start(?:ing|up)|setup|configuration) (?:text|message|data))"
)
CANCEL_VI = r"(?:bỏ qua|phớt lờ|lờ đi|quên|không (?:cần )?(?:tuân theo|tuân thủ|làm theo)|hủy bỏ|vô hiệu hóa)"
RULES_VI = r"(?:chỉ dẫn|hướng dẫn|quy tắc|chỉ thị|mệnh lệnh|giới hạn|nguyên tắc|lời nhắc)"
SHOW_VI = r"(?:in ra|cho (?:tôi )?(?:xem|biết)|hiển thị|tiết lộ|nhắc lại|viết (?:lại|ra)|dịch)"
RULES_KO = r"(?:지시|지침|명령|규칙|프롬프트|제한|제약|가이드라인)"
RULES_ZH = r"(?:指令|指示|规则|規則|提示|限制|约束|約束|规定|規定|设定|設定|设置|設置)"

PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # 規則を変える / cancelling the rules
        rf"{OWN_JA}[^。\n]{{0,14}}{RULES_JA}[^。？?\n]{{0,20}}(?:{CANCEL_JA}|{CANCEL_NOUN_JA})",
        rf"{RULES_JA}[^。？?\n]{{0,12}}{CANCEL_JA}{ORDER_JA}",
        rf"{CANCEL_JA}{ORDER_JA}[^。\n]{{0,4}}{RULES_JA}",
        rf"{RULES_JA}(?:は|を|も)?(?:全部|ぜんぶ|すべて|全て|一切)?(?:忘れて|無視して|捨てて|破棄して)[、"
        rf",。!！]?\s*(?:$|何でも|自由|答え|回答|次|以下|代わり|かわり|ただ)",
        rf"(?:{YOU_JA}|この(?:会話|チャット|セッション|対話)|AI|アシスタント|ボット)[^。\n]{{0,14}}{GUARD_JA}[^。？?\n]{{0,8}}(?:{CANCEL_JA}|{CANCEL_NOUN_JA}|切っ|停止)",
        rf"{RULES_JA}(?:を|は|も)[^。\n]{{0,4}}{CANCEL_JA}て[、,]?[^。\n？?たるいの]{{0,20}}"
        r"(?:て(?:ください|下さい|くれ|ね|$|[。!！])|なさい|ろ(?:$|[。!！]))",
        rf"{UNBOUND_JA}(?:で|に|の)[^。\n]{{0,8}}(?:答え|回答|話し?て|話せ$|話そう|動い?て|起動|言って|言え$|モード|AI)",
        rf"{SOURCES_JA}(?:は|を|も)?(?:なし|無し|抜き|付けず|つけず|示さず|書かず|見ず|使わず|無視して)(?:で|に)?"
        r"[^。\n]{0,12}(?:答え|回答|断言|書け|書いて|言って)",
        rf"{YOU_JA}は[^。\n]{{0,20}}(?:服従|従(?:え|うこと|わなければ|いなさい|う(?:$|。|義務)))",
        rf"{I_JA}の(?:命令|指示|言葉|言うこと|いうこと|文)[^。\n]{{0,6}}(?:従[えっい]|聞い|聞け|優先|服従)",
        r"(?:これより|ここより)(?:上|前)[^。\n]{0,12}(?:文|内容|記述|会話)[^。\n]{0,8}(?:無効|無視|破棄|忘れ)",
        rf"{ORDER_EN}{CANCEL_EN}\b[^.?\n]{{0,40}}{RULES_EN}",
        rf"\b{CANCEL_EN}\b (?:\w+ ){{0,3}}?{OWN_EN} (?:\w+ ){{0,3}}?{RULES_EN}",
        rf"{ORDER_EN}{CANCEL_EN} (?:everything|all|anything) (?:you|that|above|before|i said|said)",
        rf"\byour (?:\w+ ){{0,2}}{RULES_EN} (?:no longer|do not|don't|are (?:now )?(?:void|off|disabled|lifted))",
        rf"{RULES_EN}[^.\n]{{0,40}}\b(?:this|our|the rest of (?:this|the)) (?:session|conversation|chat)\b",
        r"\b(?:answer|respond|reply|speak|talk|operate)\b[^.?\n]{0,20}\bwithout (?:any )?(?:restrictions?|limits?|"
        r"limitations|rules|filters?|censorship|guidelines)",
        r"(?:忽略|无视|無視|忘记|忘記|忘掉)[^。\nぁ-ん]{0,12}(?:指令|指示|规则|規則|提示)",
        rf"(?:你|您|现在|現在|今后|今後)[^。\n]{{0,8}}(?:不必|不用|不需要|无需|無需|不要|停止)再?"
        rf"(?:遵守|遵循|服从|服從|理会)[^。\nぁ-ん]{{0,8}}{RULES_ZH}",
        rf"{RULES_KO}[^.\n]{{0,12}}(?:무시|잊|따르지|해제(?:하[고세라십]|해))",
        rf"{CANCEL_VI}[^.?\n]{{0,30}}{RULES_VI}[^.?\n]{{0,15}}(?:trước|ở trên|của bạn|bạn)",
        # 規則を見る / seeing them
        r"(?:システム|秘密の?|隠し|隠れた|隠された|裏の?|内部の?|初期)プロンプト(?!とは)",
        rf"(?:システム|初期|内部(?:で使[^。]{{0,6}})?|最初の|隠れた|隠された|裏の|"
        rf"開発者の?)\s*(?:プロンプト|設定文|指示文?|命令文?|メッセージ)[^。\n]{{0,30}}{SHOW_JA}",
        rf"(?:あなた|きみ|君|この(?:AI|アシスタント|ボット|チャット))(?:自身)?(?:の|に|へ|が)[^。"
        rf"\n]{{0,15}}(?:プロンプト|指示文?|命令文|ルール|設定文?|制約|システムメッセージ)[^。"
        rf"\n]{{0,20}}{SHOW_JA}",
        rf"{YOU_JA}が(?!知)[^。\n]{{0,10}}(?:決まり|規則|約束事|ガイドライン)[^。\n]{{0,20}}{SHOW_JA}",
        rf"{YOU_JA}は(?:どんな|どういう|どのような|何という)(?:指示|命令|ルール|プロンプト|制約|決まり)",
        rf"プロンプトの?(?:を|の?全文|の?内容|中身|文面|原文|は|(?:最初|冒頭|先頭|\d+(?:行|文))[^。\n]{{0,8}})"
        rf"[^。\n]{{0,20}}(?:{SHOW_JA}|何)",
        rf"(?:指示文(?!書)|命令文|設定文)(?:を|の)[^。\n]{{0,20}}{SHOW_JA}",
        rf"内部の(?:指示|命令|設定|ルール|決まり)[^。\n]{{0,10}}{SHOW_ORDER_JA}",
        rf"会話(?:の(?:最初|始まり|冒頭))?(?:より|の|が始まる)(?:前|上)に?[^。\n]{{0,12}}(?:文|指示|テキスト|メッセージ|言葉)"
        rf"[^。\n]{{0,12}}{SHOW_ORDER_JA}",
        r"(?:上|上記|ここまで|これより上)の(?:文章?|テキスト|メッセージ)を?[^。\n]{0,12}"
        r"(?:繰り返し|コピーし|出力し|復唱し|貼り付け)て",
        rf"{SHOW_EN}\b[^.。\n]{{0,40}}{OWN_TEXT_EN}",
        rf"{SHOW_EN}\b[^.\n]{{0,20}}\b(?:everything|the (?:text|words|lines?|messages?)) (?:from )?"
        r"(?:above|before (?:this|my|the conversation))(?! *[¥\d])",
        r"\bwere you (?:told|given|instructed)\b|\byou were (?:told|given|instructed) (?:before|at the start)",
        r"(?:系统|系統|시스템) ?(?:提示|프롬프트|指令)",
        rf"(?:你|您)的?(?:初始|系统|内部|原始|隐藏)?{RULES_ZH}[^。\nぁ-ん]{{0,10}}(?:是什么|输出|显示|顯示|告诉|写出|列出|展示)",
        rf"(?:받은|너의|당신의|네|내부|숨겨진) ?{RULES_KO}[^.\n]{{0,12}}"
        r"(?:알려|보여|출력|말해|공개(?:하[고세라십]|해)|적어|반복)",
        rf"{SHOW_VI}[^.?\n]{{0,30}}{RULES_VI}[^.?\n]{{0,20}}(?:của bạn|bạn (?:đã )?(?:nhận|được))",
        # 言わせる / dictating what to say
        r"(?:どんな|全ての|すべての|あらゆる)質問(?:に|に対し)(?:て)?(?:も|は)?[^。\n]{0,60}(?:」|だけ|"
        r"のみ|必ず|とだけ)[^。\n]{0,6}(?:答え|回答|返|言)",
        r"(?:すべて|全て|必ず|常に|今後|以後)[^。\n]{0,20}[」』\"]\s*(?:と|で)(?:だけ|のみ)?(?:答え|回答し|回答す|返[しす])"
        r"(?:る|て|ろ|なさい|こと|よ)",
        r"(?:事実|真実|本当)(?:である|の)?(?:か)?のように[^。\n]{0,6}(?:言い切|断言し|断定し|答え|回答し|述べ|書[いき])"
        r"(?:っ)?(?:て(?:ください|下さい|くれ|ほしい|$|[。!！])|なさい|ろ)",
        r"(?:何|なに)を(?:聞|訊|き)かれても[^。\n]{0,30}(?:答え|回答|返|言)",
        r"語尾[にを][^。\n]{0,12}(?:付け|つけ|し|変え)(?:て|る(?:こと|よう)|ろ|なさい|よ)",
        r"[」』\"]\s*と(?:だけ|のみ)(?:答え|回答|言|返|出力|書)",
        r"(?:^|[.!?,]\s*|please |only |just )(?:respond|reply|answer) (?:only )?with (?:only )?(?:the "
        r"(?:word|phrase) )?[\"“'「]",
        # 役を変える / changing the role
        r"(?:あなた|君|きみ|お前|おまえ)は(?:今から|これから|もう|今日から|本日から|以後|今後)[^。\n]{0,40}(?:です|"
        r"だ|になり|として|演じ|なりきっ|ふるま|振る舞)",
        rf"{YOU_JA}は[^。、\n]{{2,30}}(?:AI|人工知能|アシスタント|ボット|モデル)(?:[「『][^」』]{{1,20}}[」』])?"
        r"(?:です|だ|である)(?!か|よ?ね|ろう|と)",
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


# The same orders in English written without spaces between words.
CLOSED_EN = re.compile(
    rf"(?:ignore|disregard|forget|override|bypass)(?:all|any|the|of|your|my|previous|prior|above|earlier|these|those)*"
    rf"{RULES_EN}|(?:show|print|reveal|repeat|output|giveme|tellme)(?:me|us|the|your|full|hidden|whole)*"
    r"(?:systemprompt|prompt|instructions)"
)


def changes_rules(plain: str) -> bool:
    """Whether normalised text tries to change the assistant's rules, role or words, or to see them."""
    return any(pattern.search(plain) for pattern in PATTERNS)


def changes_rules_closed(letters: str) -> bool:
    """The same of Latin letters from which all that stood between them was taken."""
    return bool(CLOSED_EN.search(letters))


def orders_reader(plain: str) -> bool:
    """Whether normalised text of a document turns to the program that reads it and tells it what to say."""
    return changes_rules(plain) or bool(ORDER_TO_READER.search(plain))
