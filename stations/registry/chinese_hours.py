"""Opening hours in Chinese words, put into the signs of OpenStreetMap's ``opening_hours``.

``周一至周五 9:00-12:00、13:30-17:00；法定节假日休息`` → ``Mo-Fr 9:00-12:00,13:30-17:00; PH off``.
"""

from __future__ import annotations

import re

_DAYS = dict(zip("一二三四五六日天", ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Su"), strict=True))
# From the word on, every hour of the span is one after noon: 下午2点到5点.
_AFTERNOON = re.compile(r"(?:下午|晚上|晚)\d{1,2}[:点时][\d分半整]*\s*(?:(?:至|到|[-–—―~～]+)\s*\d{1,2}[:点时])?")
_HOUR = re.compile(r"\d{1,2}(?=[:点时])")

# What is written → the sign for it, one after the other.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(written), sign)
    for written, sign in (
        (r"(?:每天|每日)?(?:全天(?:开放)?|24小时(?:开放|营业)?)", "24/7"),
        (r"工作日", "Mo-Fr "),
        (r"(?:双休日|周末)", "Sa,Su "),
        (r"(?:每天|每日)", "Mo-Su "),
        (r"(?:国家)?(?:法定)?(?:节假日|假日)", "PH "),
        (r"(?:上午|早上|早|中午)", ""),
        (r"(\d{1,2})[点时]半", r"\1:30"),
        (r"(\d{1,2})[点时](\d{2})分?", r"\1:\2"),
        (r"(\d{1,2})[点时]整?", r"\1:00"),
        (r"\s*(?:至|到|[-–—―~～]+)\s*", "-"),
        (r"\s*[、，和及]\s*|,\s+", ","),
        (r"\s*[；。]\s*", "; "),
        (r"[为:]?\s*(?:不营业|不开放|不对外|闭馆|休息|公休|除外|关闭)", " off"),
        (r"(?<=[a-z])\s*:?\s*(?=\d)", " "),
        (r"(?<=[A-Za-z]) +(?=,)|(?<=,) +", ""),
        (r"(?<=\d),?(?=(?:PH|Mo|Tu|We|Th|Fr|Sa|Su))", "; "),
        (r"(?<=:\d\d) +(?=\d)", ","),
        (r" +", " "),
    )
)


def in_signs(text: str) -> str:
    """The hours with every Chinese word that is known put into its sign; what is not known stays as it
    is, for whoever reads the signs to refuse."""
    signs = re.sub(r"(?:周|星期|礼拜)([一二三四五六日天])", lambda day: _DAYS[day[1]], text)
    signs = _AFTERNOON.sub(_by_24_hours, signs)
    for written, sign in _SIGNS:
        signs = written.sub(sign, signs)
    signs = signs.strip(" ;,")
    # Days alone would say that they are open day and night, which nobody means by them.
    return signs if signs.endswith("off") or any(character.isdigit() for character in signs) else text


def _by_24_hours(span: re.Match[str]) -> str:
    return _HOUR.sub(lambda hour: str(int(hour[0]) % 12 + 12), span[0].lstrip("下午晚上"))
