"""The parts of a ZIP file from a stranger, unpacked and parsed with bounded memory and time.

``zipfile`` unpacks a whole part before it cuts it to the size that its entry states. Here a part comes in pieces and
ends as soon as it is more than stated.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

LOCAL_MARK = b"PK\x03\x04"
PIECE = 64 * 1024
"""The most that comes at once, in bytes."""
_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_TOKEN_LIMIT = 2 * 1024 * 1024  # bytes of one tag or comment; the parser reads it again with every piece


def unpacked(content: bytes, info: ZipInfo) -> Iterator[bytes]:
    """Yield what a part of the ZIP file ``content`` unpacks to, in pieces of at most ``PIECE`` bytes.

    Raises:
        BadZipFile: the part is encrypted, packed in an unusual way, cut off, goes by another name in its own header, or
            is not of the size and checksum that its entry states.
    """
    size, checksum = 0, 0
    for piece in _inflated(content, info):
        size, checksum = size + len(piece), zlib.crc32(piece, checksum)
        if size > info.file_size:
            break
        yield piece
    if (size, checksum) != (info.file_size, info.CRC):
        raise BadZipFile("a part is not what its entry states")


def read_part(packed: ZipFile, info: ZipInfo | str, limit: int) -> bytes:
    """Return what a part unpacks to.

    Raises:
        BadZipFile: it is more than ``limit`` bytes, or damaged.
        KeyError: there is no part of that name.
    """
    with packed.open(info) as part:
        content = part.read(limit + 1)
    if len(content) > limit:
        raise BadZipFile("a part is too large")
    return content


def parse(parser: XMLParserType, pieces: Iterable[bytes]) -> None:
    """Give the parser a part, piece by piece.

    Raises:
        ExpatError: it is not well-formed.
        ValueError: a tag or comment of it is of megabytes.
    """
    given = 0
    for piece in pieces:
        parser.Parse(piece, False)
        given += len(piece)
        if given - max(parser.CurrentByteIndex, 0) > _TOKEN_LIMIT:
            raise ValueError("a tag or comment is too long")
    parser.Parse(b"", True)


def _inflated(content: bytes, info: ZipInfo) -> Iterator[bytes]:
    # Where bytes are missing before the list of parts, ``zipfile`` reckons with a place before the file.
    if not 0 <= info.header_offset <= len(content) - _LOCAL_HEADER.size:
        raise BadZipFile("a part is cut off")
    header = _LOCAL_HEADER.unpack_from(content, info.header_offset)
    start = info.header_offset + _LOCAL_HEADER.size
    name = content[start : start + header[9]]
    packed = memoryview(content)[start + header[9] + header[10] :][: info.compress_size]
    usual = info.compress_type in {ZIP_STORED, ZIP_DEFLATED} and not (info.flag_bits | header[2]) & 1
    if not usual or header[0] != LOCAL_MARK or header[3] != info.compress_type or name != _written_name(info):
        raise BadZipFile("a part is not packed as its entry states")
    if info.compress_type == ZIP_STORED:
        for at in range(0, len(packed), PIECE):
            yield bytes(packed[at : at + PIECE])
        return
    unpacker, at, waiting = zlib.decompressobj(-zlib.MAX_WBITS), 0, b""
    while not unpacker.eof:
        if not waiting:
            waiting, at = bytes(packed[at : at + PIECE]), at + PIECE
        piece = unpacker.decompress(waiting, PIECE)
        if not (waiting or piece or unpacker.eof):
            raise BadZipFile("a part is cut off")
        waiting = unpacker.unconsumed_tail
        yield piece
    if unpacker.unused_data or at < len(packed):
        raise BadZipFile("a part is more than its packed content")


def _written_name(info: ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")
