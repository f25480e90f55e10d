"""Settings from `KEIKAKU_*` environment variables; an unknown name is an error that names it."""

import os
import re
from pathlib import Path
from typing import Self, get_args
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError, field_validator, model_validator

from corpus.public_settings import listed
from corpus.settings_fields import PREFIX, Fields

__all__ = ["PREFIX", "Settings", "SettingsError", "load_settings"]

POSTGRESQL = "postgresql+psycopg://"

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\]")
ROLE = re.compile(r".+=\s*(staff|editor|evaluator|admin)")


class SettingsError(ValueError):
    """A `KEIKAKU_*` variable that does not exist or holds a value that cannot be used."""


class Settings(Fields):
    """Every setting of the product, checked."""

    @field_validator("llm_base_url", "judge_base_url", "chroma_url", "oidc_issuer", "otlp_endpoint")
    @classmethod
    def _is_http(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "http://unset")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected http://… or https://…")
        return url

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not url.get_secret_value().startswith(POSTGRESQL):
            raise ValueError(f"expected {POSTGRESQL}user:password@host/database")
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
        if self.database_url:
            return self.database_url.get_secret_value()
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
        f"{PREFIX}{str(fault['loc'][0]).upper()}={_shown(fault['loc'][0], fault['input'])}: {fault['msg']}"
        if fault["loc"]
        else fault["msg"]
        for fault in error.errors(include_url=False)
    ]


def _shown(name: int | str, value: object) -> str:
    """What came, where it is no secret."""
    is_secret = SecretStr in (kind := Settings.model_fields[str(name)].annotation, *get_args(kind))
    return "…" if is_secret else repr(value)
