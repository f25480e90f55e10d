"""Names, defaults and meanings of all settings."""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from corpus.public_settings import PublicSettings

PREFIX = "KEIKAKU_"


class Fields(PublicSettings):
    """Each is an environment variable, documented in the README; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    data_dir: Path = Field(
        Path("var"),
        description="すべての状態の置き場所 / all state: catalog, indexes, lock file",
    )
    database_url: SecretStr | None = Field(
        None,
        description="台帳のPostgreSQL（例 postgresql+psycopg://user:password@host/db。なければ data_dir のSQLite）/ "
        "PostgreSQL for the catalog, which several machines may share; unset: SQLite in data_dir",
    )
    model_dir: Path = Field(
        Path(platformdirs.user_cache_dir("keikaku-navi")),
        description="重みの置き場所（ライブラリ共通）/ embedding weights, shared by libraries",
    )
    embedder: str = Field(
        "multilingual-e5-small",
        description=(
            "埋め込みモデル / embedding model: a name of `keikaku model list`, a folder or a hub name"
        ),
    )
    threads: int = Field(
        2,
        ge=1,
        le=256,
        description="埋め込みに使うCPUスレッド数 / CPU threads for the embedding model",
    )
    parse_workers: int = Field(
        2,
        ge=1,
        le=64,
        description="文書を読むプロセスの数 / processes that read files",
    )
    parse_seconds: float = Field(
        600.0,
        gt=0,
        description="1つの文書を読む時間の上限（秒）/ seconds that one file may take to read",
    )
    parse_memory_mb: int = Field(
        1200,
        ge=256,
        description="1つの文書を読むメモリの上限（MiB）/ memory that reading one file may take, in MiB",
    )
    ocr: str | None = Field(
        None,
        pattern=r"^[a-z_]+(\+[a-z_]+)*$",
        description="画像だけのPDFを文字認識する言語（例 jpn+jpn_vert。ocrmypdf が必要）/ "
        "languages for OCR of scanned PDFs, needs ocrmypdf; unset: they are refused",
    )
    glossary: Path | None = Field(
        None,
        description="言い換えの一覧（なければ同梱のもの）/ file of words for the same thing; unset: the one that ships",
    )
    reranker: str | None = Field(
        None,
        description="並べ替えのモデル（keikaku-reranker など。なければ使わない）/ model that looks at the first hits "
        "again: keikaku-reranker, or the folder or hub name of a CrossEncoder; unset: not used",
    )
    chroma_url: str | None = Field(
        None,
        description="Chroma サーバーの接続先（なければ data_dir）/ Chroma server for the vectors; unset: in data_dir",
    )
    llm: Literal["local"] | None = Field(
        None,
        description="local なら、この計算機の言語モデルが回答を書く（なければ原文の引用で答える）/ "
        "local: a language model on this machine writes answers; unset: answers are quoted sentences",
    )
    llm_gguf: Path | None = Field(
        None,
        description="その言語モデルのGGUFファイル（なければ keikaku model fetch qwen2.5-1.5b のもの）/ "
        "its GGUF file; unset: that of `keikaku model fetch qwen2.5-1.5b`",
    )
    llm_base_url: str | None = Field(
        None,
        description="回答を書くOpenAI互換の接続先（なければ原文の引用で答える）/ "
        "OpenAI-compatible endpoint that writes answers; unset: answers are quoted sentences",
    )
    llm_model: str | None = Field(
        None,
        description="その接続先でのモデル名 / model name at that endpoint",
    )
    llm_api_key: SecretStr = Field(
        SecretStr("none"),
        description="その接続先の鍵 / key for that endpoint",
    )
    llm_timeout: float = Field(
        60.0,
        gt=0,
        description="その接続先を待つ秒数 / seconds to wait for a whole answer of that endpoint",
    )
    judge_base_url: str | None = Field(
        None,
        description="評価の判定モデルのOpenAI互換の接続先（なければ使わない）/ "
        "OpenAI-compatible endpoint of the judge of `keikaku eval judge`; unset: no judge",
    )
    judge_model: str | None = Field(
        None,
        description="その接続先でのモデル名（回答を書くモデルとは別に固定する）/ model name there, pinned apart",
    )
    judge_api_key: SecretStr = Field(
        SecretStr("none"),
        description="その接続先の鍵 / key for that endpoint",
    )
    server_key: SecretStr = Field(
        SecretStr(""),
        description="評価がサーバーに尋ねるときのAPIキー / API key with which evaluations ask a server",
    )
    runs_dir: Path | None = Field(
        None,
        description="評価の実行の置き場所（なければ data_dir/evals）/ evaluation runs; unset: data_dir/evals",
    )
    log: Literal["text", "json"] = Field(
        "text",
        description="記録の形（text：警告だけを行で、json：すべてのリクエストも）/ "
        "form of the log: text has warnings only, json every request too",
    )
    log_questions: bool = Field(
        False,
        description="個人情報を伏せた質問文も記録する / log the words of questions too, personal data masked",
    )
    otlp_endpoint: str | None = Field(
        None,
        description="OpenTelemetryの送り先（gRPC、例 http://127.0.0.1:4317。なければ送らない）/ "
        "OTLP collector (gRPC) that traces are sent to; unset: they are not",
    )
    contact: str = Field(
        "さいたま市 都市戦略本部",
        description="資料に書かれていないときの問い合わせ先 / whom to ask when the documents do not say",
    )
    question_max_chars: int = Field(
        1000,
        ge=20,
        description="質問の長さの上限（文字）/ longest question accepted, in characters",
    )
    hosts: str = Field(
        "",
        description="サインインを設定したとき、このコンピュータのほかに受け付けるホスト名（カンマ区切り）/ "
        "host names under which people who sign in may come, besides this machine's own, comma-separated",
    )
    oidc_issuer: str | None = Field(
        None,
        description="OpenID Connectでサインインするときの発行者のURL / "
        "issuer of the OpenID Connect provider to sign in at; unset: local accounts only",
    )
    oidc_client_id: str | None = Field(
        None,
        description="そこでのクライアントID / client id there",
    )
    oidc_client_secret: SecretStr = Field(
        SecretStr(""),
        description="そこでのクライアントシークレット / client secret there",
    )
    oidc_role_claim: str | None = Field(
        None,
        description="役割を示すクレームの名前（なければ全員 staff）/ claim that gives the role; unset: all are staff",
    )
    oidc_roles: str = Field(
        "",
        description="クレームの値と役割の対応（例 kikaku-kanri=admin,kikaku=editor。なければ値が役割名）/ "
        "what the claim's values mean, comma-separated; unset: they are the names of roles",
    )
