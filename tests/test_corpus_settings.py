"""Settings come from the environment, all of them, and wrong ones are named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from pydantic import ValidationError

from corpus.public_settings import RATE
from corpus.settings import PREFIX, Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)


def test_defaults_work_as_they_are() -> None:
    settings = load_settings()
    assert settings.data_dir == Path("var")
    assert (settings.question_max_chars, settings.public_question_max_chars) == (1000, 300)
    assert settings.origins == ()
    assert (settings.llm_base_url, settings.chroma_url, settings.glossary) == (None, None, None)


def test_every_setting_has_a_description_in_both_languages() -> None:
    for name, field in Settings.model_fields.items():
        japanese, _, english = (field.description or "").partition("/")
        assert not japanese.isascii(), name
        assert english, name


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEIKAKU_DATA_DIR", "/tmp/x")  # noqa: S108 (nothing is written)
    monkeypatch.setenv("KEIKAKU_WIDGET_ORIGINS", " https://a.example.jp ,,https://b.example.jp")
    monkeypatch.setenv("KEIKAKU_LLM_BASE_URL", "http://localhost:9/v1")
    monkeypatch.setenv("KEIKAKU_LLM_MODEL", "writer")
    monkeypatch.setenv("KEIKAKU_GLOSSARY", "words.txt")
    monkeypatch.setenv("KEIKAKU_CHROMA_URL", "https://vectors.example.jp:8443")
    settings = load_settings()
    assert (settings.glossary, settings.chroma_url) == (Path("words.txt"), "https://vectors.example.jp:8443")
    assert settings.catalog_url == "sqlite:////tmp/x/catalog.sqlite3"
    assert settings.origins == ("https://a.example.jp", "https://b.example.jp")
    assert settings.llm_model == "writer"


def test_an_empty_variable_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEIKAKU_THREADS", "")
    monkeypatch.setenv("KEIKAKU_LLM_BASE_URL", "")
    monkeypatch.setenv("KEIKAKU_GLOSSARY", "")
    monkeypatch.setenv("KEIKAKU_CHROMA_URL", "")
    assert load_settings() == Settings()


@pytest.mark.parametrize("name", ["KEIKAKU_DATADIR", "keikaku_foo", "KEIKAKU_"])
def test_an_unknown_name_is_named_with_those_there_are(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsError, match=f"{name}.*KEIKAKU_DATA_DIR"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THREADS", "0"),
        ("THREADS", "two"),
        ("QUESTION_MAX_CHARS", "3"),
        ("LLM_TIMEOUT", "0"),
        ("PUBLIC_RATE", "0/minute"),
        ("PUBLIC_RATE", "20"),
        ("PUBLIC_RATE_TOTAL", "20/minute; drop"),
        ("LLM_BASE_URL", "ftp://example.jp"),
        ("LLM_BASE_URL", "example.jp/v1"),
        ("CHROMA_URL", "chroma:8000"),
        ("CHROMA_URL", "ftp://example.jp"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", value)
    with pytest.raises(SettingsError, match=f"{PREFIX}{name}='{value}'"):
        load_settings()


@pytest.mark.parametrize("name", ["LLM_BASE_URL", "LLM_MODEL"])
def test_endpoint_and_model_belong_together(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", "http://localhost:9/v1")
    with pytest.raises(SettingsError, match=r"KEIKAKU_LLM_BASE_URL.*KEIKAKU_LLM_MODEL"):
        load_settings()


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEIKAKU_LLM_API_KEY", "hunter2")
    assert "hunter2" not in repr(load_settings())
    monkeypatch.setenv("KEIKAKU_THREADS", "x")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().threads = 3  # type: ignore[misc]


def test_citizens_have_their_own_limit() -> None:
    settings = Settings.model_validate({"public_question_max_chars": 55})
    assert settings.for_citizens.question_max_chars == 55
    assert settings.question_max_chars == 1000


@given(st.from_regex(RATE, fullmatch=True))
def test_every_rate_accepted_is_a_rate(rate: str) -> None:
    assert parse(rate).amount >= 1
