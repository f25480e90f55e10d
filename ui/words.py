"""What people read for roles and actions."""

from assistant.accounts import Role
from assistant.audit import Action

ROLES: dict[Role, str] = {"staff": "職員", "editor": "編集者", "evaluator": "評価者", "admin": "管理者"}
MAY: dict[Role, str] = {
    "staff": "質問、検索、すべての文書の閲覧",
    "editor": "職員に加えて、文書の追加・公開・削除",
    "evaluator": "職員に加えて、評価と改善の記録の閲覧",
    "admin": "すべて（利用者、監査記録、利用状況を含む）",
}
ACTIONS: dict[str, str] = {
    Action.SIGNED_IN: "サインイン",
    Action.SIGN_IN_FAILED: "サインインの失敗",
    Action.LOCKED_OUT: "サインインの一時停止",
    Action.SIGNED_OUT: "サインアウト",
    Action.ACCOUNT_ADDED: "利用者の追加",
    Action.ACCOUNT_REMOVED: "利用者の削除",
    Action.ACCOUNT_DISABLED: "利用者の停止",
    Action.ACCOUNT_ENABLED: "利用者の再開",
    Action.ROLE_CHANGED: "役割の変更",
    Action.PASSWORD_CHANGED: "パスワードの変更",
    Action.KEY_ADDED: "APIキーの追加",
    Action.KEY_REVOKED: "APIキーの取り消し",
    Action.DOCUMENT_ADDED: "文書の追加",
    Action.DOCUMENT_CHANGED: "文書の変更",
    Action.DOCUMENT_REMOVED: "文書の削除",
}

DETAILS = {
    "address": "接続元",
    "role": "役割",
    "before": "前",
    "after": "後",
    "seconds": "秒",
    "elsewhere": "ほかの端末",
    "id": "ID",
    "visibility": "公開範囲",
}
