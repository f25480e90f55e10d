"""A CrossEncoder looks at the first hits again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from index_made import add_all, open_library, settings_at, write_plans

from index.known import ModelError
from index.rerank import CrossEncoderReranker, open_reranker
from index.search import Searcher


@dataclass
class ByLength:
    """The longest passage first."""

    asked: int = 0
    first: float = 0.0

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.asked += 1
        return [float(len(passage)) for passage in passages]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CrossEncoder as sentence-transformers saves it: real, tiny, and with random weights."""
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"計画予算期間年度窓口の手続は1234567890"]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(words)), "utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    CrossEncoder(str(folder), device="cpu").save_pretrained(str(folder / "saved"))
    return folder / "saved"


def searched(folder: Path, reranker: object | None) -> list[tuple[str, float, bool]]:
    library = open_library(folder)
    add_all(library, write_plans(folder / "plans"))
    with library.reading() as given:
        searcher = Searcher(
            given.catalog,
            given.generation,
            given.embedder,
            given.question_means,
            given.glossary,
            reranker=reranker,  # type: ignore[arg-type]
        )
        hits = searcher.search("予算の計画期間", 3)
    library.close()
    return [(hit.passage.text, hit.score, "rerank" in hit.reasons) for hit in hits]


def test_the_reranker_orders_and_scores_still_fall(tmp_path: Path) -> None:
    judge = ByLength()
    plain, again = searched(tmp_path / "a", None), searched(tmp_path / "b", judge)
    assert judge.asked == 1
    assert [marked for *_, marked in again] == [True] * 3
    assert not any(marked for *_, marked in plain)
    scores = [score for _, score, _ in again]
    assert scores == sorted(scores, reverse=True)
    assert again[0][0] != plain[0][0]


def test_hits_for_an_answer_are_as_search_finds_them(tmp_path: Path) -> None:
    library, judge = open_library(tmp_path), ByLength()
    add_all(library, write_plans(tmp_path / "plans"))
    with library.reading() as given:
        searcher = replace(given, reranker=judge)
        hits, _ = searcher.timed_search("予算の計画期間", 3)
    library.close()
    assert judge.asked == 0
    assert not any("rerank" in hit.reasons for hit in hits)


def test_a_real_cross_encoder(model: Path, tmp_path: Path) -> None:
    reranker = open_reranker(settings_at(tmp_path).model_copy(update={"reranker": str(model)}))
    assert isinstance(reranker, CrossEncoderReranker)
    first = reranker.scores("予算は", ["予算の計画", "窓口の手続"])
    assert len(first) == 2
    assert first == reranker.scores("予算は", ["予算の計画", "窓口の手続"])


def test_no_setting_no_reranker(tmp_path: Path) -> None:
    assert open_reranker(settings_at(tmp_path)) is None


def test_what_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match="KEIKAKU_RERANKER"):
        CrossEncoderReranker(str(tmp_path), tmp_path, 1).scores("問", ["文"])
