"""The language model inside the process: a real server of a real, if tiny, GGUF file."""

import re
from pathlib import Path

import httpx
import pytest
from gguf_made import write_gguf
from library_made import made_library, made_settings
from test_assistant_generate import hit

from assistant.answer import Question, Status
from assistant.chain import Assistant
from assistant.generate import LOCAL_CHARS, LOCAL_PASSAGES, Writer, WriterError, numbered
from assistant.local_llm import LONGEST_SENTENCE, gguf_file, is_cut, local_endpoint
from corpus.settings import Settings
from index.known import GGUF, ModelError, known_model

SENTENCES = re.compile(r"([^。\[\]]+。\[[12]\])+[^。\[\]]*。?")  # the last may be cut off


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gguf(tmp_path_factory.mktemp("tiny-writer") / "model.gguf")


def local(folder: Path, gguf: Path | None = None) -> Settings:
    return Settings(data_dir=folder, model_dir=folder, llm="local", llm_gguf=gguf)


def test_every_sentence_names_a_passage_whatever_the_model_would_say(tmp_path: Path, gguf: Path) -> None:
    writer = Writer(local(tmp_path, gguf))
    said = list(writer.sentences("予算は？", [hit(number) for number in range(1, 6)]))
    assert SENTENCES.fullmatch("".join(said)), said
    writer.warm()


def test_it_listens_on_this_machine_only_behind_a_key_and_once(gguf: Path) -> None:
    at = local_endpoint(gguf, 2)
    assert at.url.startswith("http://127.0.0.1:")
    assert local_endpoint(gguf, 2) is at
    body = {"messages": [{"role": "user", "content": "予算は？"}], "max_tokens": 1}
    with httpx.Client(base_url=at.url, trust_env=False) as client:
        assert client.post("chat/completions", json=body).status_code == httpx.codes.UNAUTHORIZED
        allowed = client.post("chat/completions", json=body, headers={"Authorization": f"Bearer {at.key}"})
        assert allowed.status_code == httpx.codes.OK
        assert (
            client.get(at.url.removesuffix("/v1")).status_code >= httpx.codes.BAD_REQUEST
        )  # no page of its own


def test_a_model_is_called_after_its_file_or_the_folder_of_a_known_one(tmp_path: Path, gguf: Path) -> None:
    other = tmp_path / "my-model.Q4.gguf"
    other.symlink_to(gguf)
    assert Writer(local(tmp_path, gguf)).name == gguf.parent.name
    assert Writer(local(tmp_path, other)).name == "my-model.Q4"


def test_a_sentence_that_the_grammar_cut_is_known() -> None:
    assert is_cut("あ" * LONGEST_SENTENCE + "。[1]") and not is_cut("計画期間は5年です。[1]")


def test_the_prompt_stays_short() -> None:
    shown = numbered([hit(number, "予算は7.2億円です。" * 100) for number in (1, 2)], LOCAL_CHARS)
    assert len(shown) < LOCAL_PASSAGES * (LOCAL_CHARS + 40)


def test_nonsense_never_takes_the_place_of_the_quoted_answer(tmp_path: Path, gguf: Path) -> None:
    settings = made_settings(tmp_path)
    with made_library(tmp_path, settings) as library:
        assistant = Assistant(library, settings.model_copy(update={"llm": "local", "llm_gguf": gguf}))
        *before, last = assistant.stream(
            Question(question="窓口デジタル化事業の2024年度の予算はいくらですか")
        )
    assert (last.data["status"], last.data["generator"]) == (Status.ANSWERED, "extractive")
    assert "".join(event.data["text"] for event in before if event.name == "delta") == last.data["text"]


def test_a_model_that_is_not_there_names_the_command_that_fetches_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"keikaku model fetch qwen2\.5-1\.5b"):
        Writer(local(tmp_path))
    with pytest.raises(ModelError, match=r"KEIKAKU_LLM_GGUF=.*none\.gguf"):
        Writer(local(tmp_path, tmp_path / "none.gguf"))


def test_a_known_model_of_another_size_names_the_repair(tmp_path: Path) -> None:
    folder = tmp_path / "qwen2.5-1.5b"
    folder.mkdir()
    (folder / GGUF).write_bytes(b"GGUF cut off")
    manifest = {
        "name": folder.name, "identity": known_model(folder.name).identity, "origin": "", "licence": "",
        "copyright": "", "sources": {}, "files": {},
    }  # fmt: skip
    (folder / "manifest.json").write_text(str(manifest).replace("'", '"'))
    with pytest.raises(ModelError, match=r"differs.*keikaku model fetch qwen2\.5-1\.5b"):
        gguf_file(local(tmp_path))


def test_a_broken_file_is_an_error_of_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(WriterError, match="cannot be loaded"):
        Writer(local(tmp_path, path)).warm()
