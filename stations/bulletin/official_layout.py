"""The layout of Chinese official documents, GB/T 9704-2012 《党政机关公文格式》, as a Word document.

From the standard: A4; text block of 156 × 225 mm with 37 mm above and 28 mm to its left; 22 lines a page of 28
characters; title in size 2 (22 pt) 小标宋, text in size 3 (16 pt) 仿宋, first-level headings in 黑体, second-level
in 楷体; page number as “— 1 —” in size 4 (14 pt) 宋体 below the text block, on the right on odd pages and on the
left on even ones, indented by one character.

A document names the fonts that offices have (方正小标宋简体, 仿宋_GB2312, 楷体_GB2312, 黑体, 宋体) and, in its font
table, substitutes for missing ones; no font is embedded.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

PAGE_MM = (210, 297)
ABOVE_MM, LEFT_MM = 37, 28
BLOCK_MM = (156, 225)
LINES, CHARACTERS = 22, 28
LINE_PT = BLOCK_MM[1] / 25.4 * 72 / LINES  # 28.99
CLOSER_PT = -0.25  # by how much characters are closer than their size, so that 28 of 16 pt fill the line
FOOT_MM = 23  # puts the page number 7 mm below the text block
LATIN = "Times New Roman"
RULE = "C00000"  # the red line below the number


class Face(Enum):
    """A font that the standard requires: the name that offices use, and substitutes."""

    TITLE = ("方正小标宋简体", "方正小标宋_GBK,华文中宋,STZhongsong,Noto Serif CJK SC,宋体")
    TEXT = ("仿宋_GB2312", "仿宋,FangSong,华文仿宋,STFangsong,Noto Serif CJK SC")
    HEADING = ("黑体", "SimHei,华文黑体,STHeiti,Noto Sans CJK SC")
    SUBHEADING = ("楷体_GB2312", "楷体,KaiTi,华文楷体,STKaiti,Noto Serif CJK SC")
    NUMBER = ("宋体", "SimSun,华文宋体,STSong,Noto Serif CJK SC")

    @property
    def font(self) -> str:
        """The name of the font."""
        return self.value[0]

    @property
    def instead(self) -> str:
        """The names of the substitutes, best first."""
        return self.value[1]


@dataclass(frozen=True)
class _Look:
    face: Face
    size_pt: float
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent_characters: int = 0
    closer: bool = False
    line_pt: float | None = LINE_PT


_CENTRED, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT

LOOKS: dict[str, _Look] = {
    "公文标题": _Look(Face.TITLE, 22, _CENTRED, line_pt=35),
    "公文字号": _Look(Face.TEXT, 16, _CENTRED),
    "公文主送": _Look(Face.TEXT, 16, _LEFT, closer=True),
    "公文副题": _Look(Face.SUBHEADING, 16, _CENTRED),
    "公文正文": _Look(Face.TEXT, 16, indent_characters=2, closer=True),
    "公文一级标题": _Look(Face.HEADING, 16, indent_characters=2),
    "公文表题": _Look(Face.HEADING, 14, _CENTRED),
    "公文图题": _Look(Face.HEADING, 14, _CENTRED),
    "公文表文": _Look(Face.TEXT, 10.5, _CENTRED, line_pt=17),
    "公文图": _Look(Face.TEXT, 12, _CENTRED, line_pt=None),
    "公文附注": _Look(Face.TEXT, 12, _LEFT, line_pt=18),
}


class OfficialDocument:
    """A document being written, from title to date."""

    def __init__(self, title: str, subtitle: str, *, author: str, now: datetime, number: str = "") -> None:
        """Start with the document's number (发文字号) above a line, the title, and the line below it. ``author`` and
        ``now`` go into the document properties.
        """
        self._document: DocumentType = Document()
        _set_page(self._document)
        _set_defaults(self._document)
        for name, look in LOOKS.items():
            _add_style(self._document, name, look)
        _name_fonts(self._document)
        _number_pages(self._document)
        properties = self._document.core_properties
        properties.title, properties.author, properties.last_modified_by = f"{title}{subtitle}", author, author
        properties.comments, properties.language = "", "zh-CN"
        properties.created = properties.modified = now.replace(tzinfo=None)
        if number:
            line = f'<w:bottom w:val="single" w:sz="12" w:space="6" w:color="{RULE}"/>'
            self._frame(self._say("公文字号", number), line)
            self._say("公文字号")
        self._say("公文标题", title)
        self._say("公文副题", subtitle)

    def _say(self, style: str, text: str = "") -> Paragraph:
        return self._document.add_paragraph(text, style=style)

    def heading(self, text: str) -> None:
        """Add a first-level heading: “一、…”."""
        self._say("公文一级标题", text).paragraph_format.keep_with_next = True

    def paragraph(self, text: str, *, lead: str = "") -> None:
        """Add a paragraph. ``lead``: opening words in the style of a second-level heading, “（一）…。”."""
        paragraph = self._say("公文正文")
        if lead:
            _set_face(paragraph.add_run(lead), Face.SUBHEADING)
        paragraph.add_run(text)

    def notice(self, text: str) -> None:
        """Add a framed remark."""
        sides = (f'<w:{side} w:val="single" w:sz="6" w:space="4"/>' for side in ("top", "left", "bottom", "right"))
        self._frame(self._say("公文附注", text), "".join(sides))

    def addressees(self, text: str) -> None:
        """Add the line of those whom it is sent to (主送机关), flush left."""
        self._say("公文主送", f"{text}：")

    def _frame(self, paragraph: Paragraph, sides: str) -> None:
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(
            parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"),
            *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"),
        )

    def table(
        self, caption: str, headings: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float]
    ) -> None:
        """Add a table with its caption above. ``widths``: relative widths of the columns. The headings repeat on every
        page.
        """
        self._say("公文表题", caption).paragraph_format.keep_with_next = True
        table = self._document.add_table(rows=0, cols=len(headings), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(BLOCK_MM[0] * width / sum(widths))
        for place, row in enumerate((headings, *rows)):
            cells = table.add_row().cells
            for cell, value, width in zip(cells, row, widths, strict=True):
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
                cell.width = Mm(BLOCK_MM[0] * width / sum(widths))
                paragraph = cell.paragraphs[0]
                paragraph.style = "公文表文"
                run = paragraph.add_run(str(value))
                if place == 0:
                    _set_face(run, Face.HEADING)
            properties = table.rows[-1]._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if place == 0:
                properties.append(OxmlElement("w:tblHeader"))

    def picture(self, png: bytes, caption: str, description: str) -> None:
        """Add a picture as wide as the text block, with its caption below. ``description``: alternative text for
        screen readers.
        """
        paragraph = self._say("公文图")
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(BLOCK_MM[0] - 6))
        shape._inline.docPr.set("descr", description)
        self._say("公文图题", caption)

    def note(self, text: str) -> None:
        """Add small print."""
        self._say("公文附注", text)

    def sign(self, issuer: str, day: str) -> None:
        """Add the issuer, if named, and the date, indented four characters from the right; the paragraph before stays
        on their page, so that none has them alone.
        """
        last = self._document.paragraphs[-1].paragraph_format
        last.keep_with_next = last.keep_together = True
        for place, text in enumerate(filter(None, (issuer, day))):
            paragraph = self._say("公文正文", text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = Pt(4 * 16)
            paragraph.paragraph_format.keep_with_next = place == 0 and bool(issuer)
            if place == 0:
                paragraph.paragraph_format.space_before = Pt(LINE_PT)

    def content(self) -> bytes:
        """Return the bytes of the .docx file."""
        content = io.BytesIO()
        self._document.save(content)
        return content.getvalue()


def _set_page(document: DocumentType) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = (Mm(size) for size in PAGE_MM)
    section.top_margin, section.left_margin = Mm(ABOVE_MM), Mm(LEFT_MM)
    section.right_margin = Mm(PAGE_MM[0] - LEFT_MM - BLOCK_MM[0])
    section.bottom_margin = Mm(PAGE_MM[1] - ABOVE_MM - BLOCK_MM[1])
    section.footer_distance = Mm(FOOT_MM)
    grid: Any = section._sectPr.find(qn("w:docGrid"))  # every section of the template has it
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(LINE_PT * 20)))


def _set_defaults(document: DocumentType) -> None:
    """Set the standard's font for Chinese text, overriding the template's theme."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    fonts = defaults.find(qn("w:rFonts"))
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    _fill_fonts(fonts, Face.TEXT)
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].paragraph_format.space_after = Pt(0)


def _fill_fonts(fonts: BaseOxmlElement, face: Face) -> None:
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", face.font)):
        fonts.set(qn(f"w:{script}"), font)


def _set_face(run: Run, face: Face) -> None:
    _fill_fonts(run._r.get_or_add_rPr().get_or_add_rFonts(), face)


def _add_style(document: DocumentType, name: str, look: _Look) -> None:
    style: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.font.size = Pt(look.size_pt)
    style.font.bold = False
    _fill_fonts(style.element.get_or_add_rPr().get_or_add_rFonts(), look.face)
    if look.closer:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round(CLOSER_PT * 20)))
        style.element.rPr.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    layout = style.paragraph_format
    layout.alignment = look.align
    layout.space_before = layout.space_after = Pt(0)
    if look.indent_characters:
        layout.first_line_indent = Pt(look.indent_characters * look.size_pt)
    if look.line_pt is not None:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line_pt)


def _name_fonts(document: DocumentType) -> None:
    """Write each font and its substitutes into the document's font table."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(part.blob)
    for face in Face:
        table.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{face.font}"><w:altName w:val="{face.instead}"/>'
                '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
            )
        )
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def _number_pages(document: DocumentType) -> None:
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = Pt(14)
        _number_run(paragraph, "— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)
        number = _number_run(paragraph, "1")
        field.append(number._r)
        _number_run(paragraph, " —")


def _number_run(paragraph: Paragraph, text: str) -> Run:
    run = paragraph.add_run(text)
    run.font.size = Pt(14)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    _fill_fonts(fonts, Face.NUMBER)
    for script in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{script}"), Face.NUMBER.font)
    return run
