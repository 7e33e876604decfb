"""The files that may be attached to a request, and how a file is cleaned before it is stored.

The kind of a file is determined by its content, never by its name. A picture is written anew from its pixels, so that
no metadata remains: no place where it was taken, no device, no preview of what was cut off.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pathvalidate import sanitize_filename

from stations.errors import Busy, InvalidInput
from stations.language import N_, ListedAsWritten
from stations.requests.office_package import UNPACKED_LIMIT, Fault, UnsafePackage, check_package, main_type
from stations.requests.picture_cleaning import clean_picture
from stations.requests.picture_worker import Outcome

FIELD = "attachments"
MEGABYTE = 1024 * 1024
FILE_LIMIT = 10 * MEGABYTE
PHOTO_PIXELS = 64_000_000
"""Width times height of a JPEG; telephones' usual sensors have fewer."""
DRAWN_PIXELS = 36_000_000
"""The same of a PNG or WebP: an A4 page at 600 dots per inch. Two kilobytes of these can decompress to far more."""
NAME_LIMIT = 100
_PART_TYPE = "application/vnd.openxmlformats-officedocument."


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


class _Refused(Exception):
    """The content is not taken. ``message``: why and what to do; its placeholders are filled from ``params``, with
    ``name`` and ``kind`` of the file.
    """

    def __init__(self, message: str, **params: Any) -> None:
        self.message, self.params = message, params
        super().__init__(message)


_DAMAGED = N_("“{name}” can't be read as {kind}; it may be damaged, save it anew")
_BUSY = N_("Many pictures are being read at the moment; choose “{name}” again in a minute")
_OFFICE_FAULTS = {
    Fault.DAMAGED: _DAMAGED,
    Fault.PROGRAMS: N_("“{name}” carries macros, controls or embedded programs; save it anew without them"),
    Fault.ELSEWHERE: N_(
        "“{name}” loads a template, picture or workbook from elsewhere when it is opened; "
        "break these links, or save it as PDF"
    ),
    Fault.UNPACKED: N_("“{name}” unpacks to more than {limit} MB; make it smaller or split it"),
}


def _whole_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        raise _Refused(_DAMAGED)
    return content


def _picture_as(file_format: str, pixels: int) -> Callable[[bytes], bytes]:
    def write_anew(content: bytes) -> bytes:
        try:
            outcome, written = clean_picture(content, file_format, pixels)
        except Busy:
            raise _Refused(_BUSY) from None
        if outcome is Outcome.TOO_MANY_PIXELS:
            message = N_("“{name}” has more than {limit} million pixels; make the picture smaller")
            raise _Refused(message, limit=pixels // 10**6)
        if outcome is Outcome.TOO_MUCH_WORK:
            raise _Refused(N_("“{name}” takes too much memory or time to read; make the picture smaller"))
        if outcome is Outcome.DAMAGED:
            raise _Refused(_DAMAGED)
        return written

    return write_anew


def _is_office(part_type: str) -> Callable[[bytes], bool]:
    """Return a check whether an Office package's main part is of that type. Packages with macros declare another."""
    return lambda content: main_type(content) == f"{_PART_TYPE}{part_type}.main+xml"


def _safe_package(content: bytes) -> bytes:
    try:
        check_package(content)
    except UnsafePackage as unsafe:
        raise _Refused(_OFFICE_FAULTS[unsafe.fault], limit=UNPACKED_LIMIT // MEGABYTE) from None
    return content


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


KINDS: tuple[FileKind, ...] = (
    FileKind("PDF", ".pdf", "application/pdf", _begins(b"%PDF-"), _whole_pdf),
    FileKind("JPEG", ".jpg", "image/jpeg", _begins(b"\xff\xd8\xff"), _picture_as("JPEG", PHOTO_PIXELS)),
    FileKind("PNG", ".png", "image/png", _begins(b"\x89PNG\r\n\x1a\n"), _picture_as("PNG", DRAWN_PIXELS)),
    FileKind(
        "WebP",
        ".webp",
        "image/webp",
        lambda content: content.startswith(b"RIFF") and content[8:12] == b"WEBP",
        _picture_as("WEBP", DRAWN_PIXELS),
    ),
    FileKind(
        "DOCX",
        ".docx",
        f"{_PART_TYPE}wordprocessingml.document",
        _is_office("wordprocessingml.document"),
        _safe_package,
    ),
    FileKind("XLSX", ".xlsx", f"{_PART_TYPE}spreadsheetml.sheet", _is_office("spreadsheetml.sheet"), _safe_package),
)
"""The kinds of files that may be attached."""

SUFFIXES: tuple[str, ...] = (*(kind.suffix for kind in KINDS), ".jpeg")
"""The suffixes for a file chooser, which filters by name."""


def check_file(name: str, content: bytes) -> CheckedFile:
    """Return the file to store: its kind verified, its name made safe, a picture cleaned.

    Raises:
        InvalidInput: it is empty, larger than ``FILE_LIMIT``, of no kind in ``KINDS``, damaged, a picture of too many
            pixels, or an Office file that is not safe to open; the message names the file and says what to do.
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
            kinds=ListedAsWritten(kind.name for kind in KINDS),
        )
    try:
        kept = kind.prepare(content)
    except _Refused as refused:
        raise refuse(refused.message, kind=kind.name, **refused.params) from None
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
