"""What an Office file (an Open Packaging Conventions package, ECMA-376 part 2) holds, before anybody opens it.

It is read by content, never by the names of its parts alone: the main part is the one that the package's relationships
name, its kind is what the content types say of it. Refused are packages that carry programs (macros, ActiveX, embedded
objects), that load something from elsewhere when they are opened (a template, a frame, a linked picture or workbook),
that would unpack to far more than they are, or that two programs could read differently.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from stations.requests.office_fields import CallingField, check_fields
from stations.tables.zip_parts import LOCAL_MARK, parse, unpacked

PARTS_LIMIT = 4_000
UNPACKED_LIMIT = 100 * 1024 * 1024
"""Of all parts together, in bytes, as counted while they are unpacked."""
_XML_LIMIT = 4 * 1024 * 1024
"""Of a part that is read as XML: content types or relationships."""
_TYPES = "[content_types].xml"
_BROKEN = (
    BadZipFile,
    zlib.error,
    expat.ExpatError,
    KeyError,
    ValueError,
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
        "aFChunk",  # a web page or another document, which Word reads into the text when it opens it
        "keyMapCustomizations",
    }
)
_XML_TYPE = re.compile(r"(?!\s*image/)[^;]*[/+]xml\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)
_FOLLOWED = re.compile(
    r"\s*(?:(?:https?|ftps?|mailto|tel|news):|file:/{0,3}[A-Za-z]:|[A-Za-z]:|#|(?![A-Za-z][A-Za-z0-9+.-]*:|[/\\]{2}))",
    re.IGNORECASE,
)
"""Where a hyperlink may lead: to the net or into the reader's own folders. On a share, Windows would sign in before
anything is seen; other schemes start programs."""
_ABSOLUTE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")


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
    if not content.startswith(LOCAL_MARK):
        return ""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = {info.filename.lower().lstrip("/"): info for info in archive.infolist()}
            types = _content_types(_xml(content, parts[_TYPES]))
            for link in _relationships(_xml(content, parts["_rels/.rels"])):
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
            _check_declarations(content, infos)
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

    def counted(info: ZipInfo) -> Iterator[bytes]:
        nonlocal left
        for piece in unpacked(content, info):
            left -= len(piece)
            if left < 0:
                raise UnsafePackage(Fault.UNPACKED)
            yield piece

    unreadable = set()
    for info in infos:
        try:
            if not check_fields(counted(info)):
                unreadable.add(_plain(unquote(info.filename)))
        except CallingField:
            raise UnsafePackage(Fault.PROGRAMS) from None
    types = next(info for info in infos if _plain(info.filename) == _TYPES)  # main_type has read it
    if _xml_names(_xml(content, types), unreadable):
        raise UnsafePackage(Fault.DAMAGED)


def _xml_names(types: list[_Element], names: Iterable[str]) -> set[str]:
    """Return which of the names are those of parts that the content types declare as XML. Pictures are not meant
    (SVG): nobody looks for fields in them.
    """
    declared = {
        _plain(unquote(attributes.get("PartName") or "." + attributes.get("Extension", "")))
        for _name, attributes in types
        if _XML_TYPE.fullmatch(attributes.get("ContentType", ""))
    }
    return {name for name in names if name in declared or "." + name.rpartition(".")[2] in declared}


def _check_declarations(content: bytes, infos: list[ZipInfo]) -> None:
    """Check the content types, and what the parts refer to."""
    for info in infos:
        name = _plain(info.filename)
        if name == _TYPES and any(_PROGRAM_TYPES.search(kind) for kind in _all_types(_xml(content, info))):
            raise UnsafePackage(Fault.PROGRAMS)
        if not name.endswith(".rels"):
            continue
        for link in _relationships(_xml(content, info)):
            if link.kind in _PROGRAM_LINKS:
                raise UnsafePackage(Fault.PROGRAMS)
            # A person follows a hyperlink in a text; everything else is loaded on opening.
            in_text = link.kind == "hyperlink" and not name.endswith("settings.xml.rels")
            followed = in_text and _FOLLOWED.match(unquote(link.target))
            if link.external and not followed:
                raise UnsafePackage(Fault.ELSEWHERE)


@dataclass(frozen=True)
class _Link:
    """A relationship. ``kind``: the last word of its type, the same in the transitional and the strict standard."""

    kind: str
    target: str
    external: bool


_Element = tuple[str, Mapping[str, str]]


def _xml(content: bytes, info: ZipInfo) -> list[_Element]:
    """Return the elements of a part, each with its local name and attributes; a document type is not allowed there."""
    if info.file_size > _XML_LIMIT:
        raise UnsafePackage(Fault.UNPACKED)
    elements: list[_Element] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: Any) -> None:
        raise UnsafePackage(Fault.DAMAGED)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: elements.append((name.rpartition(" ")[2], attributes))
    parse(parser, unpacked(content, info))
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
