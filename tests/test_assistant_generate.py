"""The writer against a real endpoint: what it sends and where, what it makes of good and of bad answers."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from llm_made import Endpoint, ModelName, chunk, endpoint

from assistant.generate import LEAST_CHARS, PASSAGES, Writer, WriterError, numbered
from corpus.document import Passage
from corpus.settings import Settings
from index.search import Hit

SECRET = "key-of-the-test"


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as state:
        yield state


def settings(served: Endpoint, folder: Path, **changes: object) -> Settings:
    return Settings.model_validate(
        {"data_dir": folder, "llm_base_url": served.url, "llm_model": ModelName, "llm_api_key": SECRET,
         "llm_timeout": 3.0, **changes}
    )  # fmt: skip


def hit(number: int, text: str = "予算は7.2億円です。", context: str = "") -> Hit:
    passage = Passage(
        f"passage-{number}",
        "document-id",
        number,
        "text",
        ("第1章", "予算"),
        3,
        100,
        100 + len(text),
        text,
        context,
    )
    return Hit(passage, "folder/plan.pdf", "見本計画", 0.9, {"dense": 0.5})


def test_the_model_sees_numbered_passages_and_the_question(served: Endpoint, tmp_path: Path) -> None:
    served.text = "予算は7.2億円です。[1]期間は5年です。[2]"
    said = list(Writer(settings(served, tmp_path)).sentences("予算は？", [hit(1), hit(2, "期間は5年です。")]))
    assert said == ["予算は7.2億円です。[1]", "期間は5年です。[2]"]
    assert "[1] 見本計画 › 第1章 › 予算: 予算は7.2億円です。" in served.prompt
    assert "[2] 見本計画 › 第1章 › 予算: 期間は5年です。" in served.prompt
    assert "質問: 予算は？" in served.prompt
    assert served.bodies[0]["model"] == ModelName
    assert served.bodies[0]["stream"] is True
    assert served.paths == ["/v1/chat/completions"]


def test_the_model_sees_no_ids_sources_offsets_or_links(served: Endpoint, tmp_path: Path) -> None:
    served.text = "予算です。[1]"
    list(Writer(settings(served, tmp_path)).sentences("予算は？", [hit(n) for n in range(1, 8)]))
    for hidden in ("passage-", "document-id", "folder/", "plan.pdf", "http", "/documents/", "#cite", "0.9"):
        assert hidden not in served.prompt
    assert f"[{PASSAGES}]" in served.prompt
    assert f"[{PASSAGES + 1}]" not in served.prompt


def test_a_row_is_shown_with_its_headers() -> None:
    assert numbered([hit(1, "①\t7.2億円", "テーマ: ① 予算: 7.2億円")]).endswith(": テーマ: ① 予算: 7.2億円")


def test_braces_in_documents_and_questions_are_only_text(served: Endpoint, tmp_path: Path) -> None:
    served.text = "予算です。[1]"
    list(Writer(settings(served, tmp_path)).sentences("{question}は{x}？", [hit(1, "{passages} {0} {{")]))
    assert "{question}は{x}？" in served.prompt
    assert "{passages} {0} {{" in served.prompt


def test_the_key_goes_to_the_endpoint_in_one_header_and_nothing_tells_of_the_machine(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-somebody")
    served.text = "予算です。[1]"
    list(Writer(settings(served, tmp_path)).sentences("予算は？", [hit(1)]))
    headers = served.headers[0]
    assert [name for name, value in headers.items() if SECRET in value] == ["authorization"]
    assert SECRET not in served.prompt
    assert not [name for name in headers if name.startswith(("x-stainless", "openai-"))]
    assert "python" not in headers["user-agent"].lower()


def test_proxies_and_other_programs_settings_do_not_matter(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with endpoint() as elsewhere:
        elsewhere.text = "別の答え。[1]"
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "OPENAI_PROXY", "OPENAI_BASE_URL",
                     "OPENAI_API_BASE", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"):  # fmt: skip
            monkeypatch.setenv(name, elsewhere.url)
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        for name in ("OPENAI_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY"):
            monkeypatch.setenv(name, "another-key")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        served.text = "予算です。[1]"
        assert list(Writer(settings(served, tmp_path)).sentences("予算は？", [hit(1)])) == ["予算です。[1]"]
        time.sleep(0.5)  # tracing would send from a thread of its own
        assert elsewhere.paths == []
    assert served.headers[0]["authorization"] == f"Bearer {SECRET}"


def test_a_redirect_is_not_followed(served: Endpoint, tmp_path: Path) -> None:
    with endpoint() as elsewhere:
        served.status, served.location = 307, f"{elsewhere.url}/chat/completions"
        with pytest.raises(WriterError):
            list(Writer(settings(served, tmp_path)).sentences("予算は？", [hit(1)]))
        assert elsewhere.paths == []


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_refusal_is_an_error_at_once(served: Endpoint, tmp_path: Path, status: int) -> None:
    served.status = status
    with pytest.raises(WriterError):
        list(Writer(settings(served, tmp_path)).sentences("予算は？", [hit(1)]))
    assert len(served.paths) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"data: {not json}\n\n",
        b"data: [1, 2]\n\n",
        b'data: {"choices": null}\n\n',
        b'data: {"choices": [{"delta": {"content": 7}}]}\n\n',
        b'data: {"error": {"message": "overloaded"}}\n\n',
        b"<html>502 Bad Gateway</html>",
        b"\xff\xfe\x00",
        b"",
    ],
    ids=["no json", "a list", "no choices", "no text", "error event", "html", "no utf-8", "nothing"],
)
def test_what_is_no_answer_is_an_error_or_says_nothing(served: Endpoint, tmp_path: Path, raw: bytes) -> None:
    served.raw = raw
    try:
        assert list(Writer(settings(served, tmp_path)).sentences("予算は？", [hit(1)])) == []
    except WriterError as error:
        assert SECRET not in str(error)


def test_an_answer_that_breaks_off_keeps_its_complete_sentences(served: Endpoint, tmp_path: Path) -> None:
    served.raw = chunk("予算は7.2億円です。[1]期間") + b'data: {"error": {"message": "gone"}}\n\n'
    said = []
    with pytest.raises(WriterError):
        for sentence in Writer(settings(served, tmp_path)).sentences("予算は？", [hit(1)]):
            said.append(sentence)
    assert said == ["予算は7.2億円です。[1]"]


def test_a_silent_endpoint_is_given_up(served: Endpoint, tmp_path: Path) -> None:
    served.silent_s = 2.0
    begun = time.monotonic()
    with pytest.raises(WriterError):
        list(Writer(settings(served, tmp_path, llm_timeout=0.3)).sentences("予算は？", [hit(1)]))
    assert time.monotonic() - begun < 1.9


def test_an_endpoint_that_keeps_the_line_open_is_given_up(served: Endpoint, tmp_path: Path) -> None:
    served.trickle = True
    begun = time.monotonic()
    with pytest.raises(WriterError):
        list(Writer(settings(served, tmp_path, llm_timeout=0.4)).sentences("予算は？", [hit(1)]))
    assert time.monotonic() - begun < 3


def test_a_reader_that_leaves_ends_the_request(served: Endpoint, tmp_path: Path) -> None:
    served.text, served.endless = "予算です。[1]", True
    sentences = Writer(settings(served, tmp_path, llm_timeout=60.0)).sentences("予算は？", [hit(1)])
    assert next(sentences) == "予算です。[1]"
    begun = time.monotonic()
    sentences.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 3


def test_an_endpoint_that_does_not_stop_is_stopped(served: Endpoint, tmp_path: Path) -> None:
    served.text, served.endless = "あ" * 200, True
    said = list(Writer(settings(served, tmp_path, llm_timeout=60.0)).sentences("予算は？", [hit(1)]))
    assert 4000 <= sum(map(len, said)) < 5000


def test_nothing_listens(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = Endpoint(url=f"http://127.0.0.1:{free.getsockname()[1]}/v1")
        with pytest.raises(WriterError):
            list(Writer(settings(gone, tmp_path)).sentences("予算は？", [hit(1)]))


def test_a_model_on_this_machine_sees_the_innermost_heading_alone() -> None:
    assert numbered([hit(1)], 400).startswith("[1] 見本計画 › 予算: ")


def test_passages_for_a_model_on_this_machine_share_a_length_and_say_a_title_once() -> None:
    first, second = numbered([hit(1, "甲" * 300), hit(2, "乙" * 300)], 300).splitlines()
    assert second.startswith("[2] 予算: ")
    assert len(first) == len(second) == 150


def test_of_a_long_passage_the_part_nearest_the_question_is_shown() -> None:
    text = "遠い文です。" * 20 + "予算は7億円です。" + "別の文です。" * 20
    spans = [(100 + at, 100 + at + 6, 0.1) for at in range(0, 120, 6)] + [(220, 229, 0.9)]
    shown = numbered([replace(hit(1, text), sentences=tuple(spans))], 80)
    assert "予算は7億円です。" in shown
    assert shown.startswith("[1] 見本計画 › 予算: 遠い文です。")
    assert len(shown) == 80


def test_of_each_passage_something_is_shown_however_long_the_question() -> None:
    assert numbered([hit(1, "甲" * 300)], -500).count("甲") == LEAST_CHARS
