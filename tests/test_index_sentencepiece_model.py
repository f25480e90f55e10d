import json

import pytest
from models_made import tokenizer_json
from sentencepiece import SentencePieceProcessor

from index.build_encoder import TOKENIZER_FILE
from index.embedding import SentenceEmbedder
from index.sentencepiece_model import TokenizerError, sentencepiece_model

TEXTS = [
    "計画の期間は令和3年度から令和7年度までの5年間です。",
    "予算規模\u3000約7.2億円（７１６，０００，０００千円）",
    "  a  b\tc\nd",
    "①②③ ㍿ ﾊﾝｶｸ ½ 𠮷野家 ❶☃🙂",
    "How much is the budget? 预算是多少？ 예산은 얼마입니까? Ngân sách là bao nhiêu?",
    "\u200b見えない\u00ad文字",
]


def described() -> dict:
    return json.loads(tokenizer_json())


def test_pieces_keep_their_numbers_and_special_ones_are_no_text():
    made = SentencePieceProcessor(model_proto=sentencepiece_model(tokenizer_json()))
    pieces = [piece for piece, _ in described()["model"]["vocab"]]
    assert [made.id_to_piece(number) for number in range(len(made))] == pieces
    assert (made.bos_id(), made.pad_id(), made.eos_id(), made.unk_id()) == (0, 1, 2, 3)
    assert not {0, 1, 2} & set(made.encode("<s></s><pad>計画"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": {"type": "BPE", "vocab": {}}}, "no tokenizer|Unigram"),
        ({"model": {"type": "Unigram", "vocab": [["a", -1.0]]}}, "missing: </s>"),
        ({"normalizer": {"type": "NFKC"}}, "no tokenizer"),
        ({"normalizer": {"type": "Precompiled", "precompiled_charsmap": "*"}}, "no tokenizer"),
        ({"pre_tokenizer": {"type": "Whitespace"}}, "Whitespace came"),
        ({"pre_tokenizer": None}, "no tokenizer"),
    ],
)
def test_another_tokenizer_is_refused(change: dict, said: str):
    with pytest.raises(TokenizerError, match=said):
        sentencepiece_model(json.dumps(described() | change).encode())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff"])
def test_what_is_no_tokenizer_is_refused(data: bytes):
    with pytest.raises(TokenizerError):
        sentencepiece_model(data)


@pytest.mark.model
def test_the_real_one_gives_the_pieces_that_its_library_gives(embedder: SentenceEmbedder, tmp_path):
    from tokenizers import Tokenizer

    from index.download import obtain
    from index.known import TOKENIZER, known_model
    from index.progress import silent

    model = known_model("multilingual-e5-small")
    wanted = [asset for asset in model.assets if asset.name == TOKENIZER]
    obtain(wanted, tmp_path / "assets", silent, model.download_bytes)
    theirs = Tokenizer.from_file(str(tmp_path / "assets" / TOKENIZER))
    ours = SentencePieceProcessor(model_file=str(embedder.folder / TOKENIZER_FILE))
    for text in TEXTS:
        assert [0, *ours.encode(text), 2] == theirs.encode(text).ids, text
