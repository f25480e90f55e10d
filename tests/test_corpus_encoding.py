"""Encodings: every one that Japanese text comes in, and clear words for what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.encoding import UnreadableTextError, decode

TEXT = "第１章　計画の目的\n令和７年度の予算は、八策①に７．２億円（㈱みほん、№３）とする。\n"
# JIS X 0208 alone: what every old encoding holds.
PLAIN = "第１章　計画の目的\nさいたま市は、窓口の手続をデジタルにする。\n"
JAPANESE = st.text(
    "あいうえおかきくけこさしすせそのはをがにアイウエオ市計画予算年度令和推進行政、。", min_size=12
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp932", "euc_jis_2004"])
def test_every_encoding_gives_the_same_text(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be", "utf-16-le", "utf-32-le"])
def test_byte_order_marks_tell_the_order(encoding: str) -> None:
    assert decode(("\ufeff" + TEXT).encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["euc_jp", "shift_jis", "iso2022_jp"])
def test_the_older_tables(encoding: str) -> None:
    assert decode(PLAIN.encode(encoding)) == PLAIN


def test_jis_with_circled_numbers_and_both_alphabets() -> None:
    circled = (
        b"\x1b$B" + bytes(byte & 0x7F for byte in "①計画".encode("euc_jis_2004")) + b"\x1b(B ABC\x1b(J 1\n"
    )
    assert decode(circled) == "①計画 ABC 1\n"


def test_utf8_with_an_escape_sequence_is_not_taken_for_jis() -> None:
    assert decode("色\x1b$Bつき".encode()) == "色$Bつき"


@given(JAPANESE, st.sampled_from(["cp932", "euc_jp"]))
def test_shift_jis_and_euc_are_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"), min_size=1
    )
)
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if text.strip():
        assert decode(text.encode()) == text


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    try:
        assert decode(data).strip()
    except UnreadableTextError as error:
        assert " / " in str(error)


@pytest.mark.parametrize("declared", ["shift_jis", "euc-jp", "utf-8"])
@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_a_declaration_that_lies_is_not_believed(declared: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>{PLAIN}</body></html>'
    assert decode(page.encode(encoding)) == page


def test_a_declaration_decides_between_likely_readings() -> None:
    kanji = b"\xe0\xa1\xe0\xa2"  # rare kanji in Shift_JIS, other rare kanji in EUC-JP
    for name, codec in (("Shift_JIS", "cp932"), ("EUC-JP", "euc_jp")):
        page = f"<meta http-equiv='Content-Type' content='text/html; charset={name}'>".encode() + kanji
        assert decode(page) == page.decode(codec)


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe", "　\n".encode()])
def test_empty_files_are_named(data: bytes) -> None:
    with pytest.raises(UnreadableTextError, match="empty"):
        decode(data)


def test_binary_is_named() -> None:
    with pytest.raises(UnreadableTextError, match="NUL"):
        decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(UnreadableTextError, match="save it as UTF-8"):
        decode(bytes(range(128, 256)) * 3)


def test_damaged_utf8_is_not_read_as_shift_jis() -> None:
    data = PLAIN.encode() * 3
    broken = data[:10] + b"\xff" + data[11:]
    with pytest.raises(UnreadableTextError, match="UTF-8"):
        decode(broken)


def test_broken_marks_and_broken_jis_are_named() -> None:
    with pytest.raises(UnreadableTextError, match="utf-16"):
        decode(b"\xff\xfea")
    with pytest.raises(UnreadableTextError, match="ISO-2022-JP"):
        decode(b"\x1b$B!")


def test_line_ends_and_control_characters() -> None:
    assert decode("a\r\nb\rc\x0bd\u2028e\tf\x0cg\x07h\ufeffi".encode()) == "a\nb\nc\nd\ne\tf\x0cghi"
