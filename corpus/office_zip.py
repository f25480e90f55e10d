"""The ZIP container of Office files: what it holds, and whether it is safe to open."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from corpus.load_error import LoadError

MAX_UNPACKED = 500 * 1024 * 1024
MAX_RATIO = 200  # unpacked to packed; office XML packs to a tenth, seldom to a fortieth
RATIO_MATTERS = 20 * 1024 * 1024  # bytes: a small file may pack as well as it likes
MAX_PARTS = 20_000
CHUNK = 1024 * 1024  # bytes of a part that are looked at together
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
# What zipfile may end in where the archive is damaged; struct.error and zlib.error among them.
DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    struct.error,
    zlib.error,
)
# What reading a damaged part ends in: python-docx, python-pptx and openpyxl check little themselves.
DAMAGED_PARTS = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    ArithmeticError,
    OSError,
    zipfile.BadZipFile,
)
MAIN_PARTS = {
    "DOCX": r"wordprocessingml\.(?:document|template)\.main|word\.(?:document|template)\.macroEnabled\.main",
    "XLSX": r"spreadsheetml\.(?:sheet|template)\.main|excel\.(?:sheet|template)\.macroEnabled\.main",
    "PPTX": r"presentationml\.(?:presentation|slideshow|template)\.main",
}


def office_kind(data: bytes) -> str:
    """DOCX, XLSX or PPTX by what [Content_Types].xml declares, else ZIP; the suffix plays no part.

    Raises:
        LoadError: damaged, encrypted, or of the kind that unpacks without end.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check(archive, len(data))
            if "[Content_Types].xml" not in archive.namelist():
                return "ZIP"
            types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
            for part in archive.infolist():
                _check_part(archive, part)
    except LoadError:
        raise
    except DAMAGED as error:
        raise LoadError(
            "ファイルが壊れているか途中で切れています。もう一度入手してください"
            f" / the file is damaged or cut off ({error}): get it again"
        ) from error
    except RuntimeError as error:  # zipfile's word for a part that needs a password
        raise LoadError(
            "パスワードで保護されています。外してから追加してください"
            " / protected by a password: remove it and add the file again"
        ) from error
    return next((kind for kind, part in MAIN_PARTS.items() if re.search(part, types)), "ZIP")


def unreadable(kind: str, app: str, error: Exception) -> LoadError:
    """What a document that a library cannot read is refused with."""
    if "Excessive depth" in str(error):  # libxml2's limit of 256, which guards its stack
        return LoadError(
            f"{kind}の表や枠の入れ子が深すぎます。減らして保存し直してください"
            f" / tables or boxes of this {kind} are nested too deeply: use fewer levels"
        )
    return LoadError(
        f"{kind}として読めません。{app}で開いて保存し直してください / not readable as {kind} ({error})"
    )


def unpacked_size(data: bytes, suffix: str) -> int:
    """Bytes that the parts with a suffix take unpacked."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return sum(part.file_size for part in archive.infolist() if part.filename.endswith(suffix))


def _check(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    bomb = total > RATIO_MATTERS and total > MAX_RATIO * packed
    if total > MAX_UNPACKED or bomb or len(parts) > MAX_PARTS:
        raise LoadError(
            f"展開すると大きすぎるファイルです（{total:,}バイト、{len(parts):,}個）。読み込みません"
            f" / unpacks to {total:,} bytes in {len(parts):,} parts: refused as a zip bomb"
        )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpacks a part once, so that no library meets a damaged one later.

    Office files declare no document type; one that does is after the XML parser.
    """
    is_xml, before = part.filename.endswith((".xml", ".rels")), b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if is_xml and any(sign in before + chunk for sign in DOCTYPES):
                raise LoadError(
                    "XMLに文書型宣言があり、安全に読めません。Officeで開いて保存し直してください"
                    " / an XML part declares a document type: refused; save the file anew"
                )
            before = chunk[-max(map(len, DOCTYPES)) :]
