"""Odd PDFs: what pdfium gives of them, what is refused, and what a page shows without text."""

from collections.abc import Sequence

import pytest
from fpdf import FPDF

from corpus import pdf_rules, pdf_source
from corpus.load import load
from corpus.load_error import LoadError, NoTextLayerError
from corpus.load_pdf import load_pdf
from corpus.pdf_source import Page, open_pdf

SENTENCE = "The plan of the city is reviewed every year."
TEXT = f"BT /F1 12 Tf 72 700 Td ({SENTENCE}) Tj ET"
A4 = (0.0, 0.0, 595.0, 842.0)
PICTURE = "q 595 0 0 842 0 0 cm /Im1 Do Q"


def pdf(
    *contents: str, box: Sequence[float] = A4, page: str = "", resources: str = "", more: str = ""
) -> bytes:
    """A PDF without cross-reference table, which pdfium puts together itself."""
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(contents)))
    fonts = "/Font << /F1 3 0 R >>"
    objects = [
        "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj",
        f"2 0 obj << /Type /Pages /Count {len(contents)} /Kids [{kids}] >> endobj",
        "3 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> endobj",
        "4 0 obj << /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
        " /BitsPerComponent 8 /Length 1 >> stream\n0\nendstream endobj",
        more,
    ]
    for number, content in enumerate(contents):
        at = 10 + 2 * number
        objects += [
            f"{at} 0 obj << /Type /Page /Parent 2 0 R /MediaBox [{' '.join(map(str, box))}] {page} /Contents"
            f" {at + 1} 0 R /Resources << {fonts} /XObject << /Im1 4 0 R {resources} >> >> >> endobj",
            f"{at + 1} 0 obj << /Length {len(content)} >> stream\n{content}\nendstream endobj",
        ]
    return "\n".join(["%PDF-1.7", *objects, "trailer << /Root 1 0 R >>", "%%EOF"]).encode("latin-1")


def pages(data: bytes) -> list[Page]:
    """Every page of a file."""
    with open_pdf(data) as file:
        return list(file.pages())


def said(page: Page) -> str:
    """The characters of a page."""
    return "".join(char[0] for char in page.chars)


def test_a_file_without_cross_references_is_read() -> None:
    assert load_pdf(pdf(TEXT)).text == SENTENCE


@pytest.mark.parametrize(
    ("turned", "first", "last"),
    [(0, (72, 130), None), (90, (700, 72), None), (180, (523, 700), None), (270, (130, 523), None)],
)
def test_turned_pages_are_given_as_seen(turned: int, first: tuple[float, float], last: None) -> None:
    (page,) = pages(pdf(TEXT, page=f"/Rotate {turned}"))
    assert said(page) == SENTENCE
    assert (page.width, page.height) == ((595, 842) if turned % 180 == 0 else (842, 595))
    _, x0, top, x1, bottom = page.chars[0]
    middle = (x0 + x1) / 2, (top + bottom) / 2
    assert abs(middle[0] - first[0]) < 15
    assert abs(middle[1] - first[1]) < 15


def test_an_empty_password_is_none() -> None:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=12)
    made.cell(text=SENTENCE)
    made.set_encryption(owner_password="owner", user_password="")
    assert load_pdf(bytes(made.output())).text == SENTENCE


def test_a_file_without_pages_or_text_is_no_document() -> None:
    with pytest.raises(LoadError):
        load_pdf(pdf())
    with pytest.raises(NoTextLayerError, match="KEIKAKU_OCR"):
        load_pdf(pdf(PICTURE))


@pytest.mark.parametrize("box", [(0, 0, 1e9, 1e9), (0, 0, 0, 0), (-1e6, -1e6, 1e6, 1e6), (595, 842, 0, 0)])
def test_boxes_of_any_size_are_read(box: tuple[float, float, float, float]) -> None:
    assert load_pdf(pdf(TEXT, box=box)).text == SENTENCE


def test_the_box_of_a_page_may_be_inherited() -> None:
    """Text at the head of A4 lies beyond the default box of Letter."""
    box = f"/MediaBox [{' '.join(map(str, A4))}]"
    made = pdf(TEXT.replace("700", "830")).decode().replace(box, "").replace("/Count", f"{box} /Count")
    assert load_pdf(made.encode()).text == SENTENCE


def test_pages_that_show_pictures_or_paths_without_text_are_named() -> None:
    paths = " ".join(f"{x} 0 m {x} 9 l S" for x in range(300))
    stamped = f"{PICTURE} BT /F1 12 Tf 72 20 Td (- 3 -) Tj ET"
    document = load_pdf(pdf(TEXT, PICTURE, stamped, "", paths, TEXT + PICTURE))
    assert document.metadata["pages_without_text"] == "2, 3, 5"
    assert "pages_without_text" not in load_pdf(pdf(TEXT, "")).metadata


def test_codes_that_say_nothing_are_no_text() -> None:
    """A font whose letters stand for private code points: what is shown cannot be known."""
    assert pages(pdf(TEXT.replace(SENTENCE, "\u00e9\u00e8\u00fc\u00df" * 9)))[0].chars == []
    (page,) = pages(pdf(TEXT.replace(SENTENCE, "Caf\u00e9 and r\u00e9sum\u00e9 are words")))
    assert said(page) == "Café and résumé are words"


def test_text_that_is_not_painted_is_taken_for_recognised() -> None:
    assert [page.recognised for page in pages(pdf(TEXT, TEXT.replace("72 700 Td", "3 Tr 72 700 Td")))] == [
        False,
        True,
    ]


def test_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_source, "MAX_PAGE_CHARS", 50)
    with pytest.raises(LoadError, match="page 2 holds too much text: 1"):
        load_pdf(pdf(TEXT, TEXT + TEXT.replace("700", "600") + TEXT.replace("700", "500")))


def test_all_text_together_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.load_pdf.MAX_CHARS", 100)
    with pytest.raises(LoadError, match="characters by page 3: split"):
        load_pdf(pdf(*[TEXT] * 5))


def test_forms_within_forms_end() -> None:
    form = (
        "5 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /Fm 5 0 R >>"
        " >> /Length 6 >> stream\n/Fm Do\nendstream endobj"
    )
    assert load_pdf(pdf(TEXT + " /Fm Do", resources="/Fm 5 0 R", more=form)).text == SENTENCE


def test_a_page_of_very_many_paths_has_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_rules, "MAX_OBJECTS", 500)
    lines = " ".join(f"9 {y} m 500 {y} l S" for y in range(10, 600))
    (page,) = pages(pdf(TEXT + " " + lines))
    assert (said(page), page.rules) == (SENTENCE, [])


def test_every_page_is_read_when_the_file_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_source, "PAGES_AT_ONCE", 2)
    made = pdf(*[TEXT.replace("city", f"city {number}") for number in range(7)])
    assert [said(page).split("city ")[1][0] for page in pages(made)] == list("0123456")


def test_html_named_pdf_is_html() -> None:
    document = load("plan.pdf", "<html><body><p>計画の本文です。</p></body></html>".encode())
    assert (document.media_type, document.text) == ("text/html", "計画の本文です。")
