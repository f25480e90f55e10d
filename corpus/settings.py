"""Settings from `KEIKAKU_*` environment variables; an unknown name is an error that names it."""

import os
import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from corpus.public_settings import PublicSettings, listed

PREFIX = "KEIKAKU_"

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\]")
ROLE = re.compile(r".+=\s*(staff|editor|evaluator|admin)")


class SettingsError(ValueError):
    """A `KEIKAKU_*` variable that does not exist or holds a value that cannot be used."""


class Settings(PublicSettings):
    """Every setting of the product. Each field is documented in the README; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    data_dir: Path = Field(
        Path("var"),
        description="すべての状態の置き場所 / all state: catalog, indexes, lock file",
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
        description="並べ替えのモデル（なければ使わない）/ CrossEncoder that looks at the first hits again, "
        "a folder or a hub name; unset: not used",
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

    @field_validator("llm_base_url", "judge_base_url", "chroma_url", "oidc_issuer")
    @classmethod
    def _is_http(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "http://unset")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected http://… or https://…")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "https://unset")
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("expected https://…; http:// is for this machine only")
        return url

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, hosts: str) -> str:
        if not all(HOST.fullmatch(name) for name in listed(hosts)):
            raise ValueError("expected names such as plan.example.jp, without http:// and port")
        return hosts

    @field_validator("oidc_roles")
    @classmethod
    def _are_roles(cls, pairs: str) -> str:
        if not all(ROLE.fullmatch(pair) for pair in listed(pairs)):
            raise ValueError("expected VALUE=staff, editor, evaluator or admin, comma-separated")
        return pairs

    @model_validator(mode="after")
    def _names_the_model(self) -> Self:
        if bool(self.llm_base_url) != bool(self.llm_model):
            raise ValueError(
                f"{PREFIX}LLM_BASE_URL と {PREFIX}LLM_MODEL は両方を設定してください / set both or neither"
            )
        if bool(self.judge_base_url) != bool(self.judge_model):
            raise ValueError(
                f"{PREFIX}JUDGE_BASE_URL と {PREFIX}JUDGE_MODEL は両方を設定してください / set both or neither"
            )
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError(
                f"{PREFIX}OIDC_ISSUER と {PREFIX}OIDC_CLIENT_ID は両方を設定してください / set both or neither"
            )
        if self.llm and self.llm_base_url:
            raise ValueError(
                f"{PREFIX}LLM と {PREFIX}LLM_BASE_URL は一方だけを設定してください / set one of them, not both"
            )
        return self

    @property
    def writes(self) -> bool:
        """Whether a language model writes answers."""
        return bool(self.llm or self.llm_base_url)

    @property
    def catalog_url(self) -> str:
        """SQLAlchemy URL of the catalog."""
        return f"sqlite:///{self.data_dir.resolve() / 'catalog.sqlite3'}"

    @property
    def runs(self) -> Path:
        """Where evaluation runs are written that are given no folder of their own, and shown from."""
        return self.runs_dir or self.data_dir / "evals"

    @property
    def host_names(self) -> tuple[str, ...]:
        """Host names under which people who sign in may come, in lower case."""
        return tuple(name.lower() for name in listed(self.hosts))

    @property
    def oidc_role_of(self) -> dict[str, str]:
        """What the values of the role claim mean."""
        pairs = (pair.rpartition("=") for pair in listed(self.oidc_roles))
        return {value.strip(): role.strip() for value, _, role in pairs}

    @property
    def for_citizens(self) -> "Settings":
        """The same with the limits of the public endpoint."""
        return self.model_copy(update={"question_max_chars": self.public_question_max_chars})


def load_settings() -> Settings:
    """Reads the environment.

    Raises:
        SettingsError: names the variable, what came and what was expected.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
    if unknown:
        raise SettingsError(
            f"知らない設定です / unknown setting: {', '.join(unknown)}. "
            f"使えるもの / known: {', '.join(sorted(known))}"
        )
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("設定の値が使えません / setting refused: " + "; ".join(_faults(error))) from error


def _faults(error: ValidationError) -> list[str]:
    """One text for each wrong value; what belongs to several settings names them itself."""
    return [
        f"{PREFIX}{str(fault['loc'][0]).upper()}={fault['input']!r}: {fault['msg']}"
        if fault["loc"]
        else fault["msg"]
        for fault in error.errors(include_url=False)
    ]
