"""Files to documents: the type is read from the content; what cannot be read says why and what to do."""

import io
import zipfile

import pytest
from corpus_made import SHARED

from corpus import load as loading
from corpus.load import LoadError, check_size, load


@pytest.mark.parametrize(
    ("name", "content", "media_type", "text"),
    [
        ("a.txt", "# 見出し\n", "text/plain", "# 見出し\n"),
        ("a.md", "# 見出し\n", "text/markdown", "見出し"),
        ("A.MARKDOWN", "# 見出し\n", "text/markdown", "見出し"),
        ("a.html", "<p>本文", "text/html", "本文"),
        ("a.txt", " <!DOCTYPE html>\n<p>本文", "text/html", "本文"),
        ("a.md", '<?xml version="1.0"?>\n<!-- x -->\n<html><p>本文', "text/html", "本文"),
        ("a", "本文", "text/plain", "本文"),
        ("a.txt", "<htmlx>", "text/plain", "<htmlx>"),
    ],
)
def test_the_content_tells_the_type(name: str, content: str, media_type: str, text: str) -> None:
    for data in (content.encode(), b"\xef\xbb\xbf" + content.encode(), content.encode("utf-16")):
        document = load(name, data)
        assert (document.media_type, document.text) == (media_type, text)


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_pages_in_old_encodings(encoding: str) -> None:
    page = "<html><head><meta charset=utf-8><title>計画</title></head><body><p>窓口の手続をデジタルへ。</p>"
    document = load("a.html", page.encode(encoding))
    assert (document.title, document.text) == ("計画", "窓口の手続をデジタルへ。")


def archive(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n\0", "the PDF is cut off"),
        (archive("word/document.xml"), "ZIP is not read"),
        (archive("xl/workbook.xml"), "ZIP is not read"),
        (archive("ppt/presentation.xml"), "ZIP is not read"),
        (archive("a.txt"), "ZIP is not read"),
        (b"PK\x03\x04broken", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office 97-2003 is not read"),
        (b"", "the file is empty"),
        (b"\0" * 100, "NUL bytes"),
        (b"<html><script>x</script></html>", "no text"),
        (b"<!-- x -->", "no text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, why: str) -> None:
    with pytest.raises(LoadError, match=why) as error:
        load("a.md", data)
    assert any(character > "\u3000" for character in str(error.value)), "in Japanese too"


def test_many_comments_take_no_time() -> None:
    assert load("a.txt", b"<!-- x -->" * 400 + b"text").media_type == "text/plain"


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_BYTES", 10)
    check_size(10)
    with pytest.raises(LoadError, match="11 > 10 bytes"):
        load("a.txt", b"x" * 11)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("sjis_みほん市_地域公共交通計画.txt", "③　㈱みほん交通への運行補助"),
        ("eucjp_みほん市_水道ビジョン.txt", "みほん市水道ビジョン２０３４"),
        ("utf8bom_crlf_みほん市_地域防災計画.txt", "１　指定避難所\n　指定避難所は２７か所"),
    ],
)
def test_the_shared_files_in_odd_encodings(name: str, says: str) -> None:
    path = SHARED / "realdocs" / "odd" / name
    if not path.exists():
        pytest.skip("the shared documents are not here")
    text = load(name, path.read_bytes()).text
    assert says in text
    assert not {"\r", "\ufeff", "�"} & set(text)
