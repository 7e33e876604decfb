"""What an Office file (an Open Packaging Conventions package, ECMA-376 part 2) holds, before anybody opens it.

It is read by content, never by the names of its parts alone: the main part is the one that the package's relationships
name, its kind is what the content types say of it. Refused are packages that carry programs (macros, ActiveX, embedded
objects), that load something from elsewhere when they are opened (a template, a frame, a linked picture or workbook),
that would unpack to far more than they are, or that two programs could read differently.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

PARTS_LIMIT = 4_000
UNPACKED_LIMIT = 100 * 1024 * 1024
"""Of all parts together, in bytes, as counted while they are unpacked."""
_XML_LIMIT = 4 * 1024 * 1024
"""Of a part that is read as XML: content types or relationships."""
_AT_ONCE = 64 * 1024
_TYPES = "[content_types].xml"
_BROKEN = (
    BadZipFile,
    zlib.error,
    expat.ExpatError,
    KeyError,
    ValueError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)
_PROGRAM_NAMES = re.compile(
    r"vba(project|data)|/(activex|ctrlprops|macrosheets|dialogsheets|embeddings/oleobject)|\.(exe|dll|js|vbs|bat|cmd|scr|hta|lnk)$"
)
_PROGRAM_TYPES = re.compile(r"macro|vba|activex|oleobject|x-msdownload|dialogsheet|intlmacrosheet", re.IGNORECASE)
_PROGRAM_LINKS = frozenset(
    {
        "vbaProject",
        "wordVbaData",
        "attachedToolbars",
        "control",
        "activeXControlBinary",
        "oleObject",
        "keyMapCustomizations",
    }
)
# Fields that call another program or load a file when a document is opened, and links of a workbook to a program.
_FIELD = re.compile(
    rb"""(?:<(?:\w+:)?instrText\b[^>]*>|\binstr\s*=\s*["'])\s*(?:DDE|INCLUDE)|<(?:\w+:)?ddeLink\b""", re.IGNORECASE
)
_ABSOLUTE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")
_OVERLAP = 256  # bytes looked at again, so that no match across two pieces is missed
_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_LOCAL_MARK = b"PK\x03\x04"


class Fault(Enum):
    """Why a package is not taken."""

    DAMAGED = "damaged"
    PROGRAMS = "programs"
    ELSEWHERE = "elsewhere"
    UNPACKED = "unpacked"


class UnsafePackage(Exception):
    """The package is not taken, for ``fault``."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def main_type(content: bytes) -> str:
    """Return the content type of the package's main part; "" if it is no Office package."""
    if not content.startswith(_LOCAL_MARK):
        return ""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = {info.filename.lower().lstrip("/"): info for info in archive.infolist()}
            types = _content_types(_xml(archive, parts[_TYPES]))
            for link in _relationships(_xml(archive, parts["_rels/.rels"])):
                if link.kind == "officeDocument" and not link.external:
                    return types.get(link.target.lower().lstrip("/"), "")
    except (*_BROKEN, UnsafePackage):
        return ""
    return ""


def check_package(content: bytes) -> None:
    """Check everything that the package holds.

    Raises:
        UnsafePackage: it is not taken.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > PARTS_LIMIT:
                raise UnsafePackage(Fault.UNPACKED)
            _check_names(infos)
            _check_content(content, infos)
            _check_declarations(archive, infos)
    except _BROKEN:
        raise UnsafePackage(Fault.DAMAGED) from None


def _plain(name: str) -> str:
    return name.lower().replace("\\", "/").lstrip("/")


def _check_names(infos: list[ZipInfo]) -> None:
    names = [_plain(unquote(info.filename)) for info in infos]
    if len(set(names)) < len(names) or any(".." in name.split("/") for name in names):
        raise UnsafePackage(Fault.DAMAGED)
    if any(_PROGRAM_NAMES.search(f"/{name}") for name in names):
        raise UnsafePackage(Fault.PROGRAMS)


def _check_content(content: bytes, infos: list[ZipInfo]) -> None:
    """Check what every part unpacks to: not what its entry says, but what is there."""
    if sum(info.compress_size for info in infos) > len(content):  # parts that share their bytes
        raise UnsafePackage(Fault.DAMAGED)
    left = UNPACKED_LIMIT
    for info in infos:
        size, checksum, before = 0, 0, b""
        for piece in _pieces(content, info):
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            if size > left:
                raise UnsafePackage(Fault.UNPACKED)
            if _FIELD.search(before + piece):
                raise UnsafePackage(Fault.PROGRAMS)
            before = piece[-_OVERLAP:]
        if (size, checksum) != (info.file_size, info.CRC):
            raise UnsafePackage(Fault.DAMAGED)
        left -= size


def _pieces(content: bytes, info: ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked content of a part, piece by piece.

    Raises:
        UnsafePackage: it is encrypted, packed in an unusual way, or goes by another name in its own header.
    """
    header = _LOCAL_HEADER.unpack_from(content, info.header_offset)
    start = info.header_offset + _LOCAL_HEADER.size
    name = content[start : start + header[9]]
    packed = memoryview(content)[start + header[9] + header[10] :][: info.compress_size]
    usual = info.compress_type in {ZIP_STORED, ZIP_DEFLATED} and not (info.flag_bits | header[2]) & 1
    if not usual or header[0] != _LOCAL_MARK or header[3] != info.compress_type or name != _written_name(info):
        raise UnsafePackage(Fault.DAMAGED)
    if info.compress_type == ZIP_STORED:
        for at in range(0, len(packed), _AT_ONCE):
            yield bytes(packed[at : at + _AT_ONCE])
        return
    unpacker, waiting = zlib.decompressobj(-zlib.MAX_WBITS), bytes(packed)
    while not unpacker.eof:
        piece = unpacker.decompress(waiting, _AT_ONCE)
        if not piece and not unpacker.unconsumed_tail and not unpacker.eof:
            raise UnsafePackage(Fault.DAMAGED)  # cut off
        waiting = unpacker.unconsumed_tail
        yield piece
    if unpacker.unused_data:
        raise UnsafePackage(Fault.DAMAGED)


def _written_name(info: ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")


def _check_declarations(archive: ZipFile, infos: list[ZipInfo]) -> None:
    """Check the content types, and what the parts refer to."""
    for info in infos:
        name = _plain(info.filename)
        if name == _TYPES and any(_PROGRAM_TYPES.search(kind) for kind in _all_types(_xml(archive, info))):
            raise UnsafePackage(Fault.PROGRAMS)
        if not name.endswith(".rels"):
            continue
        for link in _relationships(_xml(archive, info)):
            if link.kind in _PROGRAM_LINKS:
                raise UnsafePackage(Fault.PROGRAMS)
            # A person follows a hyperlink in a text; everything else is loaded on opening.
            followed = link.kind == "hyperlink" and not name.endswith("settings.xml.rels")
            if link.external and not followed:
                raise UnsafePackage(Fault.ELSEWHERE)


@dataclass(frozen=True)
class _Link:
    """A relationship. ``kind``: the last word of its type, the same in the transitional and the strict standard."""

    kind: str
    target: str
    external: bool


_Element = tuple[str, Mapping[str, str]]


def _xml(archive: ZipFile, info: ZipInfo) -> list[_Element]:
    """Return the elements of a part, each with its local name and attributes; a document type is not allowed there."""
    if info.file_size > _XML_LIMIT:
        raise UnsafePackage(Fault.UNPACKED)
    elements: list[_Element] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: Any) -> None:
        raise UnsafePackage(Fault.DAMAGED)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: elements.append((name.rpartition(" ")[2], attributes))
    parser.Parse(archive.read(info), True)
    return elements


def _content_types(elements: list[_Element]) -> dict[str, str]:
    return {
        attributes["PartName"].lower().lstrip("/"): attributes["ContentType"]
        for name, attributes in elements
        if name == "Override"
    }


def _all_types(elements: list[_Element]) -> Iterator[str]:
    return (attributes.get("ContentType", "") for _name, attributes in elements)


def _relationships(elements: list[_Element]) -> list[_Link]:
    return [
        _Link(
            attributes.get("Type", "").rpartition("/")[2],
            attributes.get("Target", ""),
            attributes.get("TargetMode", "").strip().lower() == "external"
            or bool(_ABSOLUTE.match(attributes.get("Target", ""))),
        )
        for name, attributes in elements
        if name == "Relationship"
    ]
