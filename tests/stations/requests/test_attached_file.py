from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stations.errors import InvalidInput
from stations.requests.attached_file import FILE_LIMIT, KINDS, NAME_LIMIT, SUFFIXES, check_file, safe_name
from tests.stations.file_samples import PDF, PLACE, document, package, picture, workbook

MACROS = (
    '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml" PartName="/xl/w.xml"/></Types>'
)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (picture("JPEG"), "a.jpg", "image/jpeg"),
        (picture("PNG"), "a.png", "image/png"),
        (picture("WEBP"), "a.webp", "image/webp"),
        (document(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (workbook(), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
    ids=[kind.name for kind in KINDS],
)
def test_a_file_is_what_its_content_says_whatever_its_name_says(content: bytes, name: str, media_type: str) -> None:
    for called in (name, "a.jpeg", "a.PDF", "a"):
        file = check_file(called, content)
        assert (file.name, file.media_type) == (name, media_type)
        assert file.digest == hashlib.sha256(file.content).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00" + b"\0" * 100,
        b"GIF89a" + b"\0" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # the old office format, or one with a password
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x00\x00\x00\x00WAVE",
        package(**{"a.txt": "no office file"}),
        package(**{"[Content_Types].xml": MACROS}),
        b"PK\x03\x04 broken",
    ],
)
def test_other_kinds_are_refused_by_name_with_what_to_do(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="“清单.pdf” is called PDF, but its content is not that") as refused:
        check_file("清单.pdf", content)
    assert refused.value.field == "attachments"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_upright_and_nothing_beside_them(kind: str) -> None:
    before = picture(kind)
    assert PLACE.encode() in before or b"Maker" in before
    file = check_file("a", before)
    assert PLACE.encode() not in file.content and b"Maker" not in file.content and b"Exif" not in file.content
    with Image.open(BytesIO(file.content)) as seen:
        assert not seen.getexif() and not {"exif", "comment", "Comment", "xmp", "icc_profile"} & set(seen.info)
        assert seen.size == (40, 60), "turned as its metadata said"
        red, _green, blue = seen.convert("RGB").getpixel((20, 10))
        assert red > 200 > 60 > blue


def test_a_transparent_picture_stays_transparent() -> None:
    written = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(BytesIO(check_file("a", written.getvalue()).content)) as seen:
        assert seen.getpixel((1, 1))[3] == 0


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_unopened() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (9_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
        with pytest.raises(InvalidInput, match="million pixels"):
            check_file("bomb.png", bomb)


@pytest.mark.parametrize("content", [picture("JPEG")[:200], picture("PNG")[:60], picture("WEBP")[:40], PDF[:20]])
def test_a_damaged_file_is_told(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="can't be read as"):
        check_file("half", content)


def test_size_is_limited_and_an_empty_file_is_none() -> None:
    check_file("full.pdf", PDF.replace(b"\n1", b"\n" + b" " * (FILE_LIMIT - len(PDF)) + b"1", 1))
    with pytest.raises(InvalidInput, match="larger than 10 MB"):
        check_file("big.pdf", PDF + b" " * FILE_LIMIT)
    with pytest.raises(InvalidInput, match="is empty"):
        check_file("none.pdf", b"")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..\\..\\windows\\器具清单.PDF", "器具清单.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("照片\r\nSet-Cookie: x.jpg", "照片Set-Cookie x.pdf"),
        ("CON.pdf", "CON_.pdf"),
        ("....", "file.pdf"),
        ("", "file.pdf"),
        ("报告 v1.2", "报告 v1.2.pdf"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, ".pdf") == safe


@given(st.text(max_size=400), st.sampled_from(SUFFIXES))
def test_any_name_becomes_a_safe_one_that_stays_as_it_is(name: str, suffix: str) -> None:
    safe = safe_name(name, suffix)
    assert safe.endswith(suffix) and len(safe) <= NAME_LIMIT
    assert not set('/\\<>:"|?*\r\n\0') & set(safe)
    assert safe_name(safe, suffix) == safe


@settings(max_examples=60)  # each picture is a process
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]))
def test_any_bytes_are_taken_or_told_never_thrown(content: bytes, start: bytes) -> None:
    try:
        file = check_file("x", start + content)
    except InvalidInput as problem:
        assert problem.field == "attachments"
    else:
        assert file.media_type in {kind.media_type for kind in KINDS}


def test_a_name_without_a_known_ending_is_told_the_kinds() -> None:
    with pytest.raises(InvalidInput, match=r"“a.exe” is none of the kinds that are taken \(PDF"):
        check_file("a.exe", b"MZ")
