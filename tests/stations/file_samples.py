"""Files as firms attach them, created on demand."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
from PIL import Image, PngImagePlugin

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
PLACE = "31.3912N 120.9812E"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """Return a picture with a red left half, and metadata with the place where it was taken."""
    image = Image.new(mode, size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x010E] = PLACE
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    exif.get_ifd(0x8825)[2] = (31.0, 23.0, 28.0)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PLACE)
    options = {"pnginfo": text} if kind == "PNG" else {"comment": PLACE.encode()} if kind == "JPEG" else {}
    written = BytesIO()
    image.save(written, kind, exif=exif, **options)
    return written.getvalue()


def document() -> bytes:
    written = BytesIO()
    docx.Document().save(written)
    return written.getvalue()


def workbook() -> bytes:
    written = BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


def package(**parts: str) -> bytes:
    """Return a ZIP file with these parts."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()


def understated(content: bytes, name: str, part: bytes, stated: int = 10) -> bytes:
    """Return a package with a part whose entry gives a smaller size, and the checksum of that beginning."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(written, "w", ZIP_DEFLATED) as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
        new.writestr(name, part)
        entry = new.getinfo(name)
        entry.file_size, entry.CRC = stated, zlib.crc32(part[:stated])
    return written.getvalue()
