import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.settings import Settings
from index.embedding import BATCH, Embedder, SentenceEmbedder, open_embedder
from index.known import KNOWN, KnownModel, ModelError
from index.onnx_session import OnnxSession

TEXTS = ["計画", "予算 年度", "", "a" * 100, "アイウエオ", "計画 予算 計画 予算"] * 5


def test_constructor_does_no_work():
    made = SentenceEmbedder(Path("/no/such/folder"), name="x")
    assert made.name == "x"


def test_documents_come_back_in_order_and_length_one(tiny_folder: Path):
    tiny = SentenceEmbedder(tiny_folder)
    assert isinstance(tiny, Embedder)
    vectors = tiny.encode_documents(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), tiny.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    singles = np.vstack([tiny.encode_documents([text]) for text in TEXTS])
    assert ((vectors * singles).sum(axis=1) > 0.99).all()
    assert np.argmax(vectors @ singles[1]) in range(1, len(TEXTS), 6)


def test_no_documents_give_no_vectors(tiny_folder: Path):
    tiny = SentenceEmbedder(tiny_folder)
    assert tiny.encode_documents([]).shape == (0, tiny.dimensions)
    assert tiny.embed_documents([]) == []


def test_progress_counts_texts(tiny_folder: Path):
    seen: list[tuple[str, int, int]] = []
    SentenceEmbedder(tiny_folder).encode_documents(TEXTS, lambda *step: seen.append(step))
    assert {(step, total) for step, _, total in seen} == {("ベクトル化 / embedding", 30)}
    counts = [done for _, done, _ in seen]
    assert counts == sorted(set(counts))
    assert counts[-1] == 30
    assert max(np.diff([0, *counts])) == BATCH


def test_long_texts_share_no_batch(tiny_folder: Path):
    seen: list[tuple[str, int, int]] = []
    chars = OnnxSession.batch_chars
    texts = ["a", "b" * chars, "c" * (chars // 2), "d" * (chars // 2), "e" * 9000]
    vectors = SentenceEmbedder(tiny_folder).encode_documents(texts, lambda *step: seen.append(step))
    assert [done for _, done, _ in seen] == [1, 2, 4, 5]
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_question_and_passage_get_their_prompts(tiny_folder: Path):
    tiny = SentenceEmbedder(tiny_folder)
    encoder = tiny.load()
    question, passage = encoder.encode(["a: 計画"])[0], encoder.encode(["b: 計画"])[0]
    assert np.allclose(tiny.embed_query("計画"), question, atol=1e-6)
    assert np.allclose(tiny.embed_documents(["計画"])[0], passage, atol=1e-6)
    assert not np.allclose(question, passage, atol=1e-3)


@pytest.mark.parametrize("text", ["", "\0", "計画\0予算", "\ud800", "😀", "計画" * 5000, "\n\n"])
def test_any_text_has_a_vector(tiny_folder: Path, text: str):
    tiny = SentenceEmbedder(tiny_folder)
    assert np.linalg.norm(tiny.embed_query(text)) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(tiny.embed_documents([text])[0]) == pytest.approx(1, abs=1e-4)


def test_the_given_list_is_not_the_cached_one(tiny_folder: Path):
    tiny = SentenceEmbedder(tiny_folder)
    first = tiny.embed_query("計画")
    first[0] = 99.0
    assert tiny.embed_query("計画")[0] != 99.0


def test_a_broken_folder_is_refused_with_the_repair(tiny_folder: Path):
    (tiny_folder / "model.onnx").write_bytes(b"broken")
    with pytest.raises(ModelError, match="keikaku model fetch tiny"):
        SentenceEmbedder(tiny_folder).embed_query("計画")


def test_threads_load_once_and_agree(tiny_folder: Path):
    tiny = SentenceEmbedder(tiny_folder)
    with ThreadPoolExecutor(8) as pool:
        encoders = set(pool.map(lambda _: id(tiny.load()), range(16)))
        vectors = list(pool.map(tiny.embed_query, TEXTS * 4))
    assert len(encoders) == 1
    assert vectors == [tiny.embed_query(text) for text in TEXTS * 4]


def test_open_embedder_finds_known_name_and_folder(tiny: KnownModel, tiny_folder: Path):
    settings = Settings(model_dir=tiny_folder.parent, embedder=tiny.name, threads=1)
    by_name = open_embedder(settings)
    by_folder = open_embedder(Settings(embedder=str(tiny_folder)))
    assert by_name.identity == by_folder.identity == tiny.identity
    assert by_name.dimensions == tiny.dimensions
    assert by_name.threads == 1


def test_open_embedder_fetches_anew_what_another_version_made(
    tiny: KnownModel, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(KNOWN, tiny.name, replace(tiny, recipe=tiny.recipe + 1))
    fetched: list[str] = []
    monkeypatch.setattr("index.models.fetch", lambda name, *_: fetched.append(name) or tiny_folder)
    open_embedder(Settings(model_dir=tiny_folder.parent, embedder=tiny.name))
    assert fetched == [tiny.name]


def test_open_embedder_refuses_a_half_folder(tiny: KnownModel, tmp_path: Path):
    (tmp_path / tiny.name).mkdir()
    with pytest.raises(ModelError, match="keikaku model fetch tiny"):
        open_embedder(Settings(model_dir=tmp_path, embedder=tiny.name))


@pytest.mark.parametrize("name", ["./no/such/folder", "/no/such", "a/b/c", "日本語", "multilingual-e5-smal"])
def test_open_embedder_refuses_what_is_neither_folder_nor_name(name: str, tmp_path: Path):
    with pytest.raises(ModelError, match="KEIKAKU_EMBEDDER"):
        open_embedder(Settings(embedder=name, model_dir=tmp_path))


def test_open_embedder_takes_a_hub_model_from_the_disk(tmp_path: Path):
    commit = "0123456789abcdef0123456789abcdef01234567"
    store = tmp_path / "hub" / "models--owner--multilingual-e5-base"
    (store / "refs").mkdir(parents=True)
    (store / "refs" / "main").write_text(commit)
    (store / "snapshots" / commit).mkdir(parents=True)
    (store / "snapshots" / commit / "config.json").write_text("{}")
    made = open_embedder(Settings(embedder="owner/multilingual-e5-base", model_dir=tmp_path))
    assert made.folder.name == commit
    assert made.identity.startswith("owner/multilingual-e5-base@")
    assert made.prompts == ("query: ", "passage: ")


def test_our_folder_needs_no_torch(tiny_folder: Path):
    code = (
        "import sys; from pathlib import Path; from index.embedding import SentenceEmbedder\n"
        "made = SentenceEmbedder(Path(sys.argv[1])); made.identity\n"
        "assert 'onnxruntime' not in sys.modules and 'sentencepiece' not in sys.modules\n"
        "made.embed_query('計画'); assert not {'torch', 'transformers', 'tokenizers', 'onnx'} & set(sys.modules)"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code, tiny_folder], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.model
def test_sentence_transformers_opens_our_folder(tiny_folder: Path, tmp_path: Path):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(tiny_folder), trust_remote_code=True, local_files_only=True, device="cpu")
    tiny = SentenceEmbedder(tiny_folder)
    assert (model.get_embedding_dimension(), model.max_seq_length) == (tiny.dimensions, 24)
    assert np.allclose(model.encode_query("計画"), tiny.embed_query("計画"), atol=1e-5)
    both = model.encode_document(TEXTS[:6], batch_size=6), tiny.encode_documents(TEXTS[:6])
    assert ((both[0] * both[1]).sum(axis=1) > 0.999).all()  # texts in one batch share their quantisation
    model.save(str(tmp_path / "copy"))
    copy = SentenceTransformer(
        str(tmp_path / "copy"), trust_remote_code=True, local_files_only=True, device="cpu"
    )
    assert np.allclose(copy.encode_query("計画"), tiny.embed_query("計画"), atol=1e-5)


@pytest.mark.model
def test_any_sentence_transformers_folder_works(tmp_path: Path):
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    tokenizer = Tokenizer(WordLevel({"<unk>": 0, "計": 1, "画": 2, "予": 3, "算": 4}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    torch.manual_seed(1)
    prompts = {"query": "a: ", "document": "b: "}
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], prompts=prompts).save(
        str(tmp_path / "m")
    )
    made = open_embedder(Settings(embedder=str(tmp_path / "m")))
    library = SentenceTransformer(str(tmp_path / "m"), device="cpu", local_files_only=True)
    assert made.dimensions == 8
    assert made.identity.startswith("m@")
    assert np.allclose(
        made.embed_query("計画"), library.encode_query("計画", normalize_embeddings=True), atol=1e-6
    )
    expected = library.encode_document(TEXTS, normalize_embeddings=True)
    assert np.allclose(made.encode_documents(TEXTS), expected, atol=1e-6)


PASSAGES = [
    "本計画の期間は、令和3年度から令和7年度までの5年間とします。",
    "子育て支援の充実のため、保育所の定員を3,200人分増やします。",
    "都市公園の面積は市民一人当たり5.1平方メートルです。",
    "地下鉄7号線の延伸について、関係機関と協議を進めます。",
]
QUESTIONS = [
    "計画は何年間ですか",
    "保育園に入れる人数は増えますか",
    "公園はどのくらいの広さですか",
    "地下鉄は延びるのですか",
]


@pytest.mark.model
def test_a_question_lies_nearest_to_its_answer(embedder: SentenceEmbedder):
    passages = embedder.encode_documents(PASSAGES)
    questions = np.array([embedder.embed_query(question) for question in QUESTIONS])
    assert (questions @ passages.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


@pytest.mark.model
def test_batches_give_the_vectors_of_singles(embedder: SentenceEmbedder):
    texts = [text * times for times in (1, 2, 5) for text in PASSAGES] + ["短い"] * 8
    together = embedder.encode_documents(texts)
    singles = np.vstack([embedder.encode_documents([text]) for text in texts])
    assert ((together * singles).sum(axis=1) > 0.99).all()


@pytest.mark.model
def test_real_threads_agree(embedder: SentenceEmbedder):
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda text: embedder.load().encode(["query: " + text])[0], QUESTIONS * 3))
    assert np.allclose(vectors[:4], vectors[4:8], atol=1e-6)
    assert np.allclose(vectors[0], embedder.embed_query(QUESTIONS[0]), atol=1e-6)


@pytest.mark.model
def test_real_identity_is_that_of_the_registry(embedder: SentenceEmbedder):
    assert embedder.identity == KNOWN["multilingual-e5-small"].identity
    assert embedder.dimensions == 384
    assert embedder.prompts == ("query: ", "passage: ")
