"""WordprocessingML elements: names without their namespace, and the text that a reader sees."""

from collections.abc import Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Never read: what was deleted or moved away, code of fields, readings of ruby, the second form of a drawing.
UNREAD = {"del", "moveFrom", "instrText", "delText", "rt", "Fallback", "pPr", "rPr", "rubyPr"}
WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"}  # around paragraphs, rows, cells
BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}


def name_of(element: Any) -> str:
    """Local name; nothing for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any | None, name: str) -> str:
    """A `w:` attribute; empty where it or the element is missing."""
    return str(element.get(_W + name, "")) if element is not None else ""


def child(element: Any | None, *names: str) -> Any | None:
    """The first descendant along a path of names; None where the path ends."""
    for name in names:
        if element is None:
            return None
        element = element.find(_W + name)
    return element


def children(element: Any | None, name: str) -> list[Any]:
    """Direct children of a name, in order."""
    return list(element.iterchildren(_W + name)) if element is not None else []


def within(element: Any, name: str) -> Iterator[Any]:
    """Children of a name, those in content controls and in tracked insertions too."""
    for part in element.iterchildren():
        if name_of(part) == name:
            yield part
        elif name_of(part) in WRAPPERS:
            yield from within(part, name)


def is_on(element: Any | None) -> bool:
    """Whether a switch such as `w:vanish` is there and not turned off."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off", "none")


def text_of(paragraph: Any) -> str:
    """Text of a paragraph as shown; text boxes in it are left to `boxes_of`."""
    return "".join(_texts(paragraph))


def _texts(element: Any) -> Iterator[str]:
    for part in element.iterchildren():
        name = name_of(part)
        if name in UNREAD or name == "txbxContent":
            continue
        if name == "r" and is_on(child(part, "rPr", "vanish")):
            continue
        if name == "t":
            yield part.text or ""
        elif name in BREAKS:
            yield BREAKS[name]
        else:
            yield from _texts(part)


def boxes_of(element: Any) -> Iterator[Any]:
    """Text boxes that are anchored in a paragraph, each once."""
    for part in element.iterchildren():
        name = name_of(part)
        if name == "txbxContent":
            yield part
        elif name not in UNREAD:
            yield from boxes_of(part)


def notes_of(paragraph: Any) -> list[tuple[str, str]]:
    """(footnote or endnote, id) of the notes that a paragraph refers to, in order."""
    kinds = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
    return [
        (kinds[name_of(part)], attribute(part, "id")) for part in paragraph.iter() if name_of(part) in kinds
    ]
