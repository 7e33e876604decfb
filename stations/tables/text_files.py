"""Text files of tables: their encoding, and quotation marks that are not closed.

Excel writes UTF-8 with a mark, UTF-16, or the system's own encoding, which in China is Windows' GBK: GB18030 but for
the euro sign as the single byte 0x80.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from stations.errors import InvalidInput
from stations.language import N_

_MARK = b"\xef\xbb\xbf"
_MARKS = ((_MARK, "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FEW = 0.05  # up to this share of bad bytes, an encoding is the right one and the file is damaged
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_ENDS_LINE = frozenset(b"\r\n")
_SHOWN = 20  # characters before a bad byte that an error quotes


def _euro(problem: UnicodeError) -> tuple[str, int]:
    if isinstance(problem, UnicodeDecodeError) and problem.object[problem.start] == 0x80:
        return "€", problem.start + 1
    raise problem


codecs.register_error("windows-euro", _euro)


def decoded(content: bytes) -> str:
    """Return the text of a file.

    Raises:
        InvalidInput: it is in no encoding that is read, or a byte of it is damaged; the message names the line.
    """
    encodings, content = _likely(content)
    for encoding, errors in encodings:
        try:
            text = content.decode(encoding, errors)
        except UnicodeDecodeError as problem:
            if _is_mostly(content, encoding) and (b"\0" not in content or encoding.startswith("utf-16")):
                raise _damaged(content[: problem.start].decode(problem.encoding, "ignore")) from None
            continue
        if "\0" not in text:
            return text
        if text.count("\0") <= max(1, _FEW * len(text)) and len(_CONTROL.findall(text)) == text.count("\0"):
            raise _damaged(text[: text.index("\0")])
    raise InvalidInput("file", N_("This is neither a CSV file in UTF-8 or GB18030 nor an Excel workbook (.xlsx)"))


def _likely(content: bytes) -> tuple[Sequence[tuple[str, str]], bytes]:
    """Return the encodings, with the handling of errors, that a file may be in, and the file without UTF-8's mark."""
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    if marked:
        return ((marked, "strict"),), content.removeprefix(_MARK)
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):  # commas and ends of lines are half zero bytes
        halves, others = content[at::2], content[1 - at :: 2]
        if halves.count(0) > _FEW * len(content) and not others.count(0) and _ENDS_LINE & set(others):
            return ((encoding, "strict"),), content
    return (("utf-8", "strict"), ("gb18030", "windows-euro")), content


def _damaged(before: str) -> InvalidInput:
    return InvalidInput(
        "file",
        N_("Line {line} of the file has a damaged character after “{before}”; correct it there and save the file anew"),
        line=before.count("\n") + 1,
        before=before.rpartition("\n")[2][-_SHOWN:],
    )


def _is_mostly(content: bytes, encoding: str) -> bool:
    """Whether nearly all characters beyond ASCII are right in an encoding, so that the rest are damaged."""
    text = content.decode(encoding, "replace")
    bad, beyond_ascii = text.count("\ufffd"), sum(not sign.isascii() for sign in text)
    return 0 < bad <= max(1, _FEW * beyond_ascii) and beyond_ascii > bad


def check_quotes(text: str, separator: str) -> None:
    """Check that every quotation mark at the beginning of a cell is closed.

    Raises:
        InvalidInput: one is not: the cell would take in the lines below it. The message names the line.
    """
    if '"' not in text:
        return
    between = re.escape(separator)
    cell = re.compile(rf'(?:(?<=[{between}\n\r])|\A)"([^"]*+(?:""[^"]*+)*+)("(?!")|\Z)([^{between}\r\n])?')
    for found in cell.finditer(text):
        closed_late = found[3] is not None and "\n" in found[1]  # by the mark that opens another cell
        if not found[2] or closed_late:
            raise InvalidInput(
                "file",
                N_(
                    "The quotation mark that begins a cell in line {line} of the file is not closed: {text}. Close it, "
                    "or remove it"
                ),
                line=text.count("\n", 0, found.start()) + 1,
                text=found[0].splitlines()[0][: 2 * _SHOWN],
            )
