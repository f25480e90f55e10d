"""Bytes of a Japanese text file to a string: UTF-8, UTF-16 and -32, ISO-2022-JP, Shift_JIS, EUC-JP."""

import codecs
import re

# The mark of UTF-32-LE begins with that of UTF-16-LE: it is tried first.
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# cp932 is Shift_JIS with ①, ㈱ and №. Python's euc_jp lacks them; EUC of JIS X 0213 has them.
LEGACY = ("cp932", "euc_jp", "euc_jis_2004")
DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
HEAD_BYTES = 4096  # where a declaration is looked for; the HTML standard asks for the first 1,024 bytes
NAMES = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
}
JIS_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI])")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々ーａ-ｚＡ-Ｚ０-９、。「」①-⑳]")
UNLIKELY = re.compile(
    r"[\uff61-\uff9f\ue000-\uf8ff]"
)  # half-width katakana, private use: signs of a wrong guess
DECLARED_BONUS = 0.1  # decides between guesses that are about as likely
ASCII = bytes(range(128))
DAMAGED = 20  # so many right characters for each wrong byte: it is UTF-8, but broken
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")
LINE_ENDS = re.compile(r"\r\n?|\x0b|\x85|\u2028|\u2029")


class UnreadableTextError(ValueError):
    """The bytes are not text in any encoding that is read."""


def decode(data: bytes) -> str:
    """Text of the bytes, line ends made `\\n`, control characters but tab and form feed removed.

    What the bytes are decides, not what an HTML page declares, unless several encodings fit about as well.

    Raises:
        UnreadableTextError: the bytes are empty, binary, or in an encoding that is not read.
    """
    text = CONTROLS.sub("", LINE_ENDS.sub("\n", _decoded(data)))
    if not text.strip():
        raise UnreadableTextError("ファイルが空です / the file is empty")
    return text


def _decoded(data: bytes) -> str:
    for mark, name in BOMS:
        if data.startswith(mark):
            return _known(data, name)
    if b"\x00" in data:
        raise UnreadableTextError(
            "NULバイトを含み、テキストではありません。テキストならUTF-8で保存し直してください"
            " / NUL bytes: not a text file; if it is one, save it as UTF-8"
        )
    if data.isascii():
        return _from_jis(data) if JIS_ESCAPE.search(data) else data.decode("ascii")
    text = _strict(data, "utf-8")
    return text if text is not None else _guess(data)


def _known(data: bytes, name: str) -> str:
    text = _strict(data, name)
    if text is None:
        raise UnreadableTextError(
            f"{name} の印がありますが、壊れています / marked as {name}, but broken: save it as UTF-8"
        )
    return text


def _guess(data: bytes) -> str:
    """The likeliest reading in one of the older Japanese encodings."""
    _refuse_damaged(data)
    declared = DECLARED.search(data[:HEAD_BYTES])
    favoured = NAMES.get(declared[1].decode().lower()) if declared else None
    guesses = [
        (_likeliness(text) + DECLARED_BONUS * (name == favoured), text)
        for name in LEGACY
        if (text := _strict(data, name)) is not None
    ]
    if not guesses:
        raise UnreadableTextError(
            "文字コードが分かりません（UTF-8、Shift_JIS、EUC-JPのいずれでもない）"
            " / not UTF-8, Shift_JIS or EUC-JP: save it as UTF-8 and add it again"
        )
    return max(guesses, key=lambda guess: guess[0])[1]


def _refuse_damaged(data: bytes) -> None:
    """A few wrong bytes in UTF-8 often make sense as Shift_JIS, as a page full of 縺 and 繧."""
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("�")
    right = len(lenient) - wrong - (len(data) - len(data.translate(None, ASCII)))
    if right > DAMAGED * wrong:
        raise UnreadableTextError(
            f"UTF-8ですが、壊れた箇所が{wrong}あります / UTF-8 with {wrong} broken places: save it anew"
        )


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _likeliness(text: str) -> float:
    left = len(JAPANESE.sub("", text))  # no list of matches: the text may be large
    return (len(text) - left - 5 * (len(text) - len(UNLIKELY.sub("", text)))) / len(text)


def _from_jis(data: bytes) -> str:
    """ISO-2022-JP by way of EUC, whose table has ①: escape sequences switch between alphabets."""
    parts = JIS_ESCAPE.split(data)
    pieces = [parts[0].decode("ascii")]
    for alphabet, part in zip(parts[1::2], parts[2::2], strict=True):
        pieces.append(_jis_part(alphabet, part))
    return "".join(pieces)


def _jis_part(alphabet: bytes, part: bytes) -> str:
    if alphabet in (b"(B", b"(J"):
        return part.decode("ascii")
    # Line ends may stand in a part of two-byte characters; in EUC they keep their own value.
    high = bytes(byte | 0x80 if byte > 0x20 else byte for byte in part)
    text = _strict(high, "cp932" if alphabet == b"(I" else "euc_jis_2004")
    if text is None:
        raise UnreadableTextError("ISO-2022-JPですが、壊れています / broken ISO-2022-JP: save it as UTF-8")
    return text
