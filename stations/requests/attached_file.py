"""The files that may be attached to a request, and how a file is cleaned before it is stored.

The kind of a file is determined by its content, never by its name. A picture is written anew from its pixels, so that
no metadata remains: no place where it was taken, no device, no preview of what was cut off.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from pathvalidate import sanitize_filename
from PIL import Image, ImageOps, UnidentifiedImageError

from stations.errors import InvalidInput
from stations.language import N_

FIELD = "attachments"
MEGABYTE = 1024 * 1024
FILE_LIMIT = 10 * MEGABYTE
PIXEL_LIMIT = 64_000_000
"""Width times height; telephones' largest sensors have fewer. A small file can decompress to far more."""
NAME_LIMIT = 100
_CONTENT_TYPES_LIMIT = MEGABYTE
_PART_TYPE = "application/vnd.openxmlformats-officedocument."
_PICTURE_QUALITY = 92


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    ``name``: its title. ``suffix``, ``media_type``: those that the stored file gets. ``matches``: whether content is of
    this kind. ``prepare``: returns the checked content to store.
    """

    name: str
    suffix: str
    media_type: str
    matches: Callable[[bytes], bool]
    prepare: Callable[[bytes], bytes]


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be stored. ``digest``: SHA-256 of ``content``, in hexadecimal."""

    name: str
    media_type: str
    content: bytes
    digest: str


class _Damaged(Exception):
    """The content begins like its kind but can't be read as such."""


class _TooManyPixels(Exception):
    """The picture has more than ``PIXEL_LIMIT`` pixels."""


def _as_it_is(content: bytes) -> bytes:
    return content


def _whole_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        raise _Damaged
    return content


def _picture_as(file_format: str) -> Callable[[bytes], bytes]:
    def write_anew(content: bytes) -> bytes:
        try:
            with Image.open(BytesIO(content), formats=[file_format]) as picture:
                if picture.width * picture.height > PIXEL_LIMIT:
                    raise _TooManyPixels
                upright = ImageOps.exif_transpose(picture)
                transparent = file_format != "JPEG" and upright.has_transparency_data
                pixels = upright.convert("RGBA" if transparent else "RGB")
        except Image.DecompressionBombError:
            raise _TooManyPixels from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            raise _Damaged from None
        pixels.info = {}
        written = BytesIO()
        pixels.save(written, file_format, quality=_PICTURE_QUALITY)
        return written.getvalue()

    return write_anew


def _is_office(part_type: str) -> Callable[[bytes], bool]:
    """Return a check whether an Office package (ECMA-376) declares its main part to be of that type. Packages with
    macros declare another type.
    """
    told = f'"{_PART_TYPE}{part_type}.main+xml"'.encode()

    def matches(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with ZipFile(BytesIO(content)) as package, package.open("[Content_Types].xml") as part:
                return told in part.read(_CONTENT_TYPES_LIMIT)
        except (BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
            return False

    return matches


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


KINDS: tuple[FileKind, ...] = (
    FileKind("PDF", ".pdf", "application/pdf", _begins(b"%PDF-"), _whole_pdf),
    FileKind("JPEG", ".jpg", "image/jpeg", _begins(b"\xff\xd8\xff"), _picture_as("JPEG")),
    FileKind("PNG", ".png", "image/png", _begins(b"\x89PNG\r\n\x1a\n"), _picture_as("PNG")),
    FileKind(
        "WebP",
        ".webp",
        "image/webp",
        lambda content: content.startswith(b"RIFF") and content[8:12] == b"WEBP",
        _picture_as("WEBP"),
    ),
    FileKind(
        "DOCX", ".docx", f"{_PART_TYPE}wordprocessingml.document", _is_office("wordprocessingml.document"), _as_it_is
    ),
    FileKind("XLSX", ".xlsx", f"{_PART_TYPE}spreadsheetml.sheet", _is_office("spreadsheetml.sheet"), _as_it_is),
)
"""The kinds of files that may be attached."""

SUFFIXES: tuple[str, ...] = (*(kind.suffix for kind in KINDS), ".jpeg")
"""The suffixes for a file chooser, which filters by name."""


def check_file(name: str, content: bytes) -> CheckedFile:
    """Return the file to store: its kind verified, its name made safe, a picture cleaned.

    Raises:
        InvalidInput: it is empty, larger than ``FILE_LIMIT``, of no kind in ``KINDS``, damaged, or a picture of more
            than ``PIXEL_LIMIT``; the message names the file and says what to do.
    """

    def refuse(message: str, **params: object) -> InvalidInput:
        return InvalidInput(FIELD, message, name=safe_name(name, ""), **params)

    if not content:
        raise refuse(N_("“{name}” is empty; choose the file again"))
    if len(content) > FILE_LIMIT:
        raise refuse(
            N_("“{name}” is larger than {limit} MB; make it smaller or split it"), limit=FILE_LIMIT // MEGABYTE
        )
    kind = next((kind for kind in KINDS if kind.matches(content)), None)
    if kind is None:
        suffix = PurePosixPath(name).suffix.lower()
        if suffix in SUFFIXES:
            raise refuse(
                N_(
                    "“{name}” is called {kind}, but its content is not that; "
                    "save it anew as one, without macros or password"
                ),
                kind=suffix.removeprefix(".").upper(),
            )
        raise refuse(
            N_(
                "“{name}” is none of the kinds that are taken ({kinds}); "
                "save it as one of them, without macros or password"
            ),
            kinds=", ".join(kind.name for kind in KINDS),
        )
    try:
        kept = kind.prepare(content)
    except _TooManyPixels:
        raise refuse(
            N_("“{name}” has more than {limit} million pixels; make the picture smaller"), limit=PIXEL_LIMIT // 10**6
        ) from None
    except _Damaged:
        raise refuse(N_("“{name}” can't be read as {kind}; it may be damaged, save it anew"), kind=kind.name) from None
    if len(kept) > FILE_LIMIT:
        raise refuse(
            N_("“{name}” is larger than {limit} MB; make it smaller or split it"), limit=FILE_LIMIT // MEGABYTE
        )
    return CheckedFile(safe_name(name, kind.suffix), kind.media_type, kept, hashlib.sha256(kept).hexdigest())


def safe_name(name: str, suffix: str) -> str:
    """Return a file name without folders, control and direction characters, and characters that systems forbid.

    It has at most ``NAME_LIMIT`` characters and ends with ``suffix``; "" preserves its own suffix.
    """
    shown = "".join(
        character for character in unicodedata.normalize("NFC", name) if unicodedata.category(character)[0] != "C"
    )
    last = PurePosixPath(shown.replace("\\", "/")).name
    clean = sanitize_filename(last, platform="universal").strip(" .")
    own = PurePosixPath(clean).suffix
    known = own.lower() in SUFFIXES
    stem = clean[: len(clean) - len(own)] if known or not suffix else clean
    ending = suffix or own
    return f"{stem[: NAME_LIMIT - len(ending)].rstrip(' .') or 'file'}{ending}"
