"""Conversion of opening hours in Chinese words into OpenStreetMap's ``opening_hours`` form.

``周一至周五 9:00-12:00、下午1:30-5:00；法定节假日休息`` → ``Mo-Fr 9:00-12:00,13:30-17:00; PH off``.
"""

from __future__ import annotations

import re

_DAYS = dict(zip("一二三四五六日天", ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Su"), strict=True))
_DAY, _TO = r"(?:周|星期|礼拜)", r"\s*(?:至|到|[-–—―~～]+)\s*"
_WEEKDAYS = re.compile(rf"{_DAY}([一二三四五六日天])(?:{_TO}{_DAY}?([一二三四五六日天]))?")
_ALWAYS = re.compile(r"(?:每天|每日|全年)*(?:24小时|全天候?)(?:营业|服务|开放)?")
_WORKING_DAYS = "工作日"  # excludes public holidays
# After the word, every hour of the period is p.m., unless another word follows: 下午2点到5点.
_TIME = r"\d{1,2}[:点时][\d分半整]*"
_AFTERNOON = re.compile(rf"(?:下午|晚上|晚)\s*({_TIME}(?:{_TO}\d{{1,2}}[:点时])?)")
_HOUR = re.compile(r"\d{1,2}(?=[:点时])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HOLIDAYS = r"(?:国家)?(?:法定)?(?:节假日|假日|节日)"
_OFF = r"(?:不营业|不开放|不对外|闭馆|休息|公休|除外|关闭)"

# Text patterns and their replacements, applied in this order.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(written), sign)
    for written, sign in (
        (r"(?:每天|每日|全年)*(?:全天候?|24小时)(?:营业|服务|开放)?", "24/7"),
        (_WORKING_DAYS, "Mo-Fr "),
        (r"双休日|周末", "Sa,Su "),
        (r"每天|每日|全周", "Mo-Su "),
        # Only on its own; in “周日及法定节假日休息” it is part of a list of days.
        (rf"(?<![及和、国家法定节])[,;(]?\s*{_HOLIDAYS}[为:]?\s*{_OFF}\)?", "; PH off; "),
        (_HOLIDAYS, "PH "),
        (r"上午|早上|早|中午", ""),
        (r"(\d{1,2})[点时]半", r"\1:30"),
        (r"(\d{1,2})[点时](\d{2})分?", r"\1:\2"),
        (r"(\d{1,2})[点时]整?", r"\1:00"),
        (r"(?<=:\d\d)分", ""),
        (_TO, "-"),
        (r"\s*(?:[、，,]|以及|和|及)\s*", ","),
        (r"\s*[；。]\s*", "; "),
        (rf"[为:]?\s*{_OFF}", " off"),
        (r"(?<=[a-z])\s*:?\s*(?=\d)", " "),
        (r"(?<=[A-Za-z]) +(?=,)|(?<=,) +", ""),
        (r"(?<=\d),?(?=(?:PH|Mo|Tu|We|Th|Fr|Sa|Su))", "; "),
        (r"(?<=:\d\d) +(?=\d)", ","),
        (r"[\s,]*;[\s,;]*", "; "),
        (r" +", " "),
    )
)
_BETWEEN_TIMES = re.compile(r"(?<=:\d\d)\s*;\s*(?=\d)")


def in_signs(text: str) -> str:
    """Return ``text`` with each known Chinese word replaced by its sign in ``opening_hours``.

    Unknown words remain, so that the parser rejects them. ``text``: hours with plain digits and punctuation
    (``entered_text.narrow_line``).
    """
    if _ALWAYS.fullmatch(text.replace(" ", "")):
        return "24/7"
    signs = _AFTERNOON.sub(_by_24_hours, _WEEKDAYS.sub(_weekdays, text))
    for written, sign in _SIGNS:
        signs = written.sub(sign, signs)
    signs = signs.strip(" ;,")
    if _HAN.search(text):
        # Between two times of a day any punctuation means a comma; a semicolon would begin another rule.
        signs = _BETWEEN_TIMES.sub(",", signs)
    # Days without times would mean open day and night, which nobody intends.
    if not signs.endswith("off") and not any(character.isdigit() for character in signs):
        return text
    return f"{signs}; PH off" if _WORKING_DAYS in text and "PH" not in signs else signs


def _weekdays(found: re.Match[str]) -> str:
    first, last = found.groups()
    return f"{_DAYS[first]}-{_DAYS[last]} " if last else f"{_DAYS[first]} "


def _by_24_hours(found: re.Match[str]) -> str:
    return _HOUR.sub(lambda hour: str(int(hour[0]) % 12 + 12), found[1])
