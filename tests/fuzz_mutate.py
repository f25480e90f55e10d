"""Changes that keep a file almost sound: odd elements in a valid zip, odd words in a text that still decodes."""

import io
import random
import re
import zipfile
import zlib

from lxml import etree

ZIPPED = {"docx", "xlsx", "pptx"}
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
    NotImplementedError,
)
ODD_VALUES = [
    "",
    "0",
    "-1",
    "1",
    "65536",
    "99999999999999999999",
    "x",
    "1.5",
    "A1:XFD1048576",
    "true",
    "²",
    "rId1",
]
ODD_WORDS = [
    *("第1章 ", "１節　", "(1) ", "①", "ア　", "（単位：千円）", "令和元年度", "H31.4.30", "7.2億円"),
    *("▲1,200千円", "3千920万円", "\n", "\n\n", "\t", "\f", "　", "。", "「", "）", '"', ",", ";"),
    *("|", "```", "# ", "- ", "1. ", "> ", "---\n", "***", "<table>", "<tr>"),
    *("<td rowspan=9 colspan=9>", "</table>", "<ruby>", "<rt>", "<ol start=-5>", "<li>", "<pre>"),
    *("<main>", "<!--", "-->", "<script>", "&#x0;", "&amp;", "<br>", "<h1>", "</p>", "<select>"),
    *("<svg>", "<math>", "%PDF-", "PK\u0003\u0004", "<!DOCTYPE html>", "\ufeff", "\u2028", "\u0085"),
    *("\u00ad", "⻄", "が\u3099", "𠮷", "󠄀", "平成99年度", "令和0年", "99999年度", "9" * 40),
    *("1,2,3,4", "二千三百四十万円", "兆億万円", "2月30日", "年度～年度", "R7-R1"),
]
ENCODINGS = ("utf-8", "utf-8", "utf-8", "cp932", "euc_jp", "utf-16", "iso2022_jp")


def mutate(kind: str, data: bytes, choose: random.Random) -> bytes:
    """A few changes of one file of a kind, made by the numbers that `choose` gives."""
    if kind in ZIPPED:
        return _zip(data, choose)
    return _bytes(data, choose) if kind == "pdf" or choose.random() < 0.1 else _text(data, choose)


def _zip(data: bytes, choose: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except DAMAGED:
        return data
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    if not names:
        return data
    weights = [
        1 + 8 * bool(re.search(r"document\.|sheet\d|slide\d|numbering|shared|styles\.", name))
        for name in names
    ]
    for name in choose.choices(names, weights, k=choose.randint(1, 2)):
        change = _bytes if choose.random() < 0.15 else _element
        parts[name] = change(parts[name], choose)
    if choose.random() < 0.03:
        del parts[choose.choice(names)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _element(part: bytes, choose: random.Random) -> bytes:
    """One element doubled, moved, dropped, nested, or given an odd value."""
    try:
        root = etree.fromstring(part)
    except etree.XMLSyntaxError:
        return _bytes(part, choose)
    elements = [one for one in root.iter() if isinstance(one.tag, str)]
    for _ in range(choose.randint(1, 4)):
        one, other = choose.choice(elements), choose.choice(elements)
        what = choose.randrange(6)
        if what < 2 and one.attrib:
            one.set(choose.choice(list(one.attrib)), choose.choice(ODD_VALUES))
        elif what == 2:
            one.text = choose.choice([*ODD_VALUES, *(word for word in ODD_WORDS if word.isprintable())])
        elif what == 3 and one.getparent() is not None:
            one.getparent().remove(one)
        elif what == 4:
            other.append(etree.fromstring(etree.tostring(one)))
        elif one.getparent() is not None and other not in one.iter():
            other.append(one)
    return bytes(etree.tostring(root))


def _bytes(data: bytes, choose: random.Random) -> bytes:
    """Bytes dropped, doubled, swapped or flipped."""
    made = bytearray(data)
    for _ in range(choose.randint(1, 4)):
        at, length = choose.randint(0, len(made)), choose.randint(0, choose.choice([1, 4, 40]))
        what = choose.randrange(4)
        if what == 0:
            del made[at : at + length]
        elif what == 1:
            made[at:at] = made[at : at + length] * choose.randint(1, 3)
        elif what == 2:
            made[at : at + length] = bytes(choose.randrange(256) for _ in range(length))
        else:
            made[at : at + length] = choose.choice(ODD_VALUES).encode()
    return bytes(made)


def _text(data: bytes, choose: random.Random) -> bytes:
    """Words put in, lines dropped, doubled and moved; in an encoding that is read."""
    lines = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace").split(
        "\n"
    )
    for _ in range(choose.randint(1, 6)):
        at = choose.randrange(len(lines))
        what = choose.randrange(5)
        if what < 2:
            cut = choose.randint(0, len(lines[at]))
            lines[at] = (
                lines[at][:cut] + choose.choice(ODD_WORDS) * choose.choice([1, 1, 1, 2, 30]) + lines[at][cut:]
            )
        elif what == 2:
            lines[at : at + choose.randint(1, 3)] = [""]
        elif what == 3:
            lines[at:at] = lines[choose.randrange(len(lines)) :][: choose.randint(1, 5)]
        else:
            first = choose.randint(0, len(lines[at]))
            lines[at] = lines[at][:first] + lines[at][first + choose.randint(1, 9) :]
    return "\n".join(lines).encode(choose.choice(ENCODINGS), "replace")
