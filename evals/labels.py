"""What reports call kinds and statuses, in Japanese and English."""

from assistant.answer import Status
from evals.cases import Kind

KINDS = {
    Kind.FACT: "事実",
    Kind.BUDGET: "予算",
    Kind.SCHEDULE: "日程",
    Kind.LIST: "列挙",
    Kind.TABLE: "表",
    Kind.ORGANISATION: "組織",
    Kind.DEFINITION: "用語",
    Kind.COMPARE: "比較",
    Kind.COMPUTE: "計算",
    Kind.FOLLOWUP: "続きの質問",
    Kind.PARAPHRASE: "言い換え",
    Kind.FOREIGN: "外国語",
    Kind.NEAR_MISS: "紛らわしい",
    Kind.UNANSWERABLE: "記載なし",
    Kind.OUT_OF_SCOPE: "対象外の話題",
    Kind.INJECTION: "指示の混入",
    Kind.PII: "個人情報",
}
STATUSES = {
    Status.ANSWERED: "回答",
    Status.PARTIAL: "一部回答",
    Status.NO_EVIDENCE: "記載なし",
    Status.REFUSED: "お断り",
    Status.ERROR: "エラー",
}
