"""A contact person and their telephone in one cell: 张三 13800000000, 0512-55550001（李主任）."""

from __future__ import annotations

import re

from stations.entered_text import narrow_line, says_nothing
from stations.readers.telephone import read_telephone

_BETWEEN = r"[\s/、,;:|-]*"
_NAME_FIRST = re.compile(rf"(?P<name>[^0-9+]*?[^0-9+(\s/、,;:|-]){_BETWEEN}(?P<number>\(?\+?[0-9].*)")
_NUMBER_FIRST = re.compile(rf"(?P<number>[0-9+(].*[0-9]){_BETWEEN}(?P<name>[^0-9]*[^0-9\s()/、,;:|-])")
_LABEL = re.compile(r"(?:联系人|联络[人员]|负责人|姓名|(?:联系|办公)?电话|联系方式|手机号?码?)\s*:")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def read_contact(field: str, text: str) -> tuple[str, str] | None:
    """Return the name and the telephone in a text, "" for one that it does not have; None if it says nothing.

    Raises:
        InvalidInput: its digits are no telephone number.
    """
    written = _LABEL.sub(" ", narrow_line(text)).strip()
    if says_nothing(written):
        return None
    if not re.search(r"[0-9]", written):
        return written, ""
    if found := _NAME_FIRST.fullmatch(written) or _NUMBER_FIRST.fullmatch(written):
        bracketed = _IN_BRACKETS.fullmatch(found["number"])
        written = f"{found['name']} {bracketed[1] if bracketed else found['number']}"
    read = read_telephone(field, written)
    return (read.remark, read.written) if read else None
