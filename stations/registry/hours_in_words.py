"""Opening hours as offices write them, put into OpenStreetMap's ``opening_hours`` form.

``周一至周五 9:00-12:00，下午1:30-5:00`` becomes ``Mo-Fr 9:00-12:00,13:30-17:00``. What is in that form
already, or not understood, is handed back as it came: ``record_checks.read_hours`` judges it.
"""

from __future__ import annotations

import re

from stations.entered_text import narrow

_DAYS = dict(zip("一二三四五六日天", ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Su"), strict=True))
_ALL_DAY = re.compile(r"(?:每天|全天|全年)*24小时(?:营业|服务|开放)?|全天候?(?:营业|服务|开放)?")
_DAY = r"(?:周|星期|礼拜)?([一二三四五六日天])"
_RANGE = re.compile(rf"(?:周|星期|礼拜)([一二三四五六日天])\s*(?:至|到|-|~|—|–){_DAY}")
_SINGLE = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_WORDS = (
    (re.compile("工作日"), "Mo-Fr"),
    (re.compile("每天|每日|全周"), "Mo-Su"),
    (re.compile("周末|双休日"), "Sa-Su"),
    (re.compile("休息|不开放|不营业"), "off"),
)
_HOLIDAYS_OFF = re.compile(r"[,;(]?\s*(?:法定)?(?:节假日|假日|节日)(?:除外|休息|不开放)\)?")
_SPAN = re.compile(
    r"(?:(上午|早上|早|下午|晚上|晚)\s*)?(\d{1,2})(?:[:点时](\d{2})?)分?\s*(?:至|到|-|~|—|–)\s*"
    r"(?:(上午|下午|晚上|晚)\s*)?(\d{1,2})(?:[:点时](\d{2})?)分?"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def hours_from_words(value: str) -> str:
    """The hours in ``opening_hours`` form where they could be understood, else the text itself."""
    text = narrow(value)
    if not _HAN.search(text):
        return text
    plain = re.sub(r"[、,]|以及|和", ",", text)
    if _ALL_DAY.fullmatch(plain.replace(" ", "")):
        return "24/7"
    holidays_off = bool(_HOLIDAYS_OFF.search(plain)) or "工作日" in plain
    plain = _HOLIDAYS_OFF.sub("", plain)
    plain = _RANGE.sub(lambda found: f"{_DAYS[found[1]]}-{_DAYS[found[2]]} ", plain)
    for word, days in _WORDS:
        plain = word.sub(f"{days} ", plain)
    plain = _SINGLE.sub(lambda found: f"{_DAYS[found[1]]} ", plain)
    plain = re.sub(r"(?<=[a-z])\s*:\s*", " ", _SPAN.sub(_span, plain))
    # Between two times of a day any mark is a comma; a semicolon would begin another rule.
    plain = re.sub(r"\s*,\s*", ",", re.sub(r"(?<=\d)(?:\s+|\s*;\s*)(?=\d)", ",", plain))
    plain = re.sub(r"(?<=\d),(?=[A-Z])", "; ", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" ,;。")
    if _HAN.search(plain):
        return text
    return f"{plain}; PH off" if holidays_off else plain


def _span(found: re.Match[str]) -> str:
    first, hour, minute, second, until, until_minute = found.groups()
    begins, ends = _hour(first, hour), _hour(second or first, until)
    return f"{begins:02d}:{minute or '00'}-{ends:02d}:{until_minute or '00'}"


def _hour(word: str | None, hour: str) -> int:
    """Of the 24; 1 in the afternoon is 13."""
    value = int(hour)
    return value + 12 if word in ("下午", "晚上", "晚") and value < 12 else value
