"""Splitting opening hours, as offices write them in Chinese or English, into tokens.

``TOKENS`` is the vocabulary: a kind of token for each pattern. ``tokens_in`` returns None for a text with any other
word in it, so that nothing is read past a word that may change its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAY = "PH"


class Kind(Enum):
    """The kinds of tokens."""

    DAYS = auto()
    WORKING_DAYS = auto()
    HOLIDAYS = auto()
    PART = auto()
    TIME = auto()
    TO = auto()
    ALWAYS = auto()
    NEVER_CLOSED = auto()
    OFF = auto()
    WEEKENDS_OFF = auto()
    APPOINTMENT = auto()
    REST = auto()
    OFF_BEFORE = auto()
    OFF_END = auto()
    USUAL = auto()
    BREAK = auto()
    JOIN = auto()
    SEPARATOR = auto()
    FILLER = auto()


class Part(Enum):
    """The parts of a day, by which an hour from 1 to 12 is understood."""

    NIGHT = auto()
    MORNING = auto()
    NOON = auto()
    AFTERNOON = auto()
    EVENING = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token. ``value``: the days of a token of days; the ``Part`` of the day; or of a time its minutes after midnight
    and the ``Part`` that is written after it (``5pm``).
    """

    kind: Kind
    value: object = None


_PARTS = {
    Part.NIGHT: r"(?:次日|翌日|第二天)?凌晨|次日|翌日|第二天",
    Part.MORNING: r"上午|清晨|清早|早上|早晨|早间|早|朝|am",
    Part.NOON: r"中午|午间|正午",
    Part.AFTERNOON: r"下午|午后|傍晚|pm",
    Part.EVENING: r"晚上|晚间|夜间|夜里|夜晚|深夜|晚|夜",
}
_ONE_DAY = r"([一二三四五六日天]|[1-7](?![\d:点时]))"
_DAY = rf"(?:周|星期|礼拜)\s*{_ONE_DAY}"
_TO = r"(?:至|到|-|\bto\b|\bthrough\b)"
_NO_NUMBER = 99
_NUMERAL = "零〇一二两三四五六七八九十"
_HOUR = rf"([01]?\d|2[0-4]|[{_NUMERAL}]{{1,3}})"
_AM_PM = r"(?:\s*([ap])\.?m\b\.?)?"
_ENGLISH_DAY = r"(mo|tu|we|th|fr|sa|su)(?:n|e|es|d|u|ur|urs|i|t|nday|esday|dnesday|nesday|ursday|iday|turday)?\b\.?"

TOKENS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.ALWAYS,
        r"(?:全天候?|全日)?\s*(?:7\s*天?\s*[*x×]?\s*)?24\s*(?:小时|h(?:ours?)?\b)"
        r"|7\s*[*x×]\s*24(?!\s*[:点时])|24/7|全天候?|全日",
    ),
    (Kind.NEVER_CLOSED, r"全年无休|年中无休|全年不休|常年无休|终年无休|全年不打烊"),
    (
        Kind.FILLER,
        r"(?:中午|午间|午休)(?:时间)?\s*(?:不休息?|不间断|不打烊|不关门|不停止?|无休|连续|照常|正常)(?:服务|办公|营业|上班)?|(?:不|无)午休",
    ),
    (Kind.BREAK, r"午休(?:时间)?|(?:中午|午间)休息(?:时间)?"),
    (Kind.WORKING_DAYS, r"(?:国家)?(?:法定)?(?:工作日|上班日)|\b(?:working days?|workdays?)\b"),
    (
        Kind.HOLIDAYS,
        r"(?:(?:国家|法定|国定|公众|公共|各类|所有|全部)(?:的|、|及)?)*(?:节假日|节日|假日|假期)"
        r"|\bph\b|\bpublic holidays?\b",
    ),
    (
        Kind.APPOINTMENT,
        r"(?:均|都|仅|只|可以?|请|须|需要?|应|实行|采取|接受|凭)*(?:提前\S{0,3}?)?(?:电话|网上|线上|微信)?预约(?:制|者)?"
        r"(?:后)?(?:上门)?(?:服务|办理|办公|开放|接待|受理|咨询|上班|营业)?|\b(?:by|on) appointment(?: only)?\b",
    ),
    # 朝九晚五，双休: the weekend is free; with times behind it, it is the weekend.
    (Kind.WEEKENDS_OFF, r"(?:周末|周六日)?双休(?:制)?(?!日|息|\s*[:,]?\s*(?:上午|早|\d))"),
    (Kind.DAYS, r"双休日?|周末|\bweekends?\b"),
    (Kind.DAYS, r"每天|每日|天天|全周|整周|全年|\b(?:daily|every ?day)\b"),
    (Kind.DAYS, rf"{_DAY}\s*{_TO}\s*(?:周|星期|礼拜)?\s*{_ONE_DAY}"),
    (Kind.DAYS, r"(?:周|星期|礼拜)([一二三四五六日天]{2,7})(?![点时])"),
    (Kind.DAYS, _DAY),
    (Kind.DAYS, rf"{_ENGLISH_DAY}\s*{_TO}\s*{_ENGLISH_DAY}"),
    (Kind.DAYS, _ENGLISH_DAY),
    *((Kind.PART, words) for words in _PARTS.values()),
    (Kind.TIME, rf"{_HOUR}\s*[:.]\s*([0-5]\d)(?!\d)(?::00)?\s*分?{_AM_PM}"),
    (Kind.TIME, rf"{_HOUR}\s*[点时]\s*(半|一刻|三刻|整|钟|[0-5]?\d\s*分?|[{_NUMERAL}]{{1,3}}分)?"),
    (Kind.TIME, rf"{_HOUR}()\s*([ap])\.?m\b\.?"),
    (Kind.TIME, r"([01]\d|2[0-4])([0-5]\d)(?!\d)"),
    (Kind.OFF_BEFORE, r"不含|不包括|不包含|除了|除(?!外)|\bexcept\b"),
    (Kind.OFF_END, r"(?:以|之)?外(?!籍)"),  # 除周一外每天: the days behind it are open
    (
        Kind.OFF,
        r"除外|休息|休馆|休业|休|公休|不(?:对外)?(?:营业|开放|办公|上班|服务|对外|接待|受理)"
        r"|闭馆|闭店|关闭|停止服务|停业|放假|按(?:照)?(?:国家|法定)?(?:规定|要求|安排)(?:休息|放假|执行|安排)?|\boff\b|\bclosed\b",
    ),
    (Kind.USUAL, r"(?:照常|正常|仍然?|也)(?:营业|服务|开放|上班|办公)?|不休息?|不打烊|无休"),
    (Kind.REST, r"(?:其余|其他|其它)(?:的)?(?:时间|时段|日期|日子)(?=\S{0,6}预约)"),
    (
        Kind.FILLER,
        r"(?:自助|服务|开放|营业|工作|办公|办理|受理|咨询|接待|上班|作息|对外)+(?:时间|时段)?|(?:其余|其他|其它)?时间"
        r"|每(?:周(?=\s*[周星礼]))?|均|都|为|是|期间|的|止|\bopen(?:ing)?(?: hours)?\b",
    ),
    (Kind.TO, _TO),
    (Kind.JOIN, r"、|以及|及|和|与|含|包括|包含|&|/|\band\b"),
    (Kind.SEPARATOR, r"[\s,;。.:()\[\]【】<>《》“”\"|]+"),
)
"""The kinds of tokens, each with a pattern; of those that fit, the first counts."""

_ANY = re.compile("|".join(f"(?P<t{at}>{pattern})" for at, (_, pattern) in enumerate(TOKENS)), re.IGNORECASE)
_EACH = tuple(re.compile(pattern, re.IGNORECASE) for _, pattern in TOKENS)
# After a token of days, a further one may lack its 周: 周一、三、五.
_FURTHER_DAY = re.compile(rf"(?:、|,|和|及)\s*([一二三四五六日天])(?!\s*[:点时{_NUMERAL}])")
# An hour may lack its minutes after a part of the day or before “to”: 早9晚5, 9-17点.
_BARE_HOUR = re.compile(rf"{_HOUR}(?![\d:.点时{_NUMERAL}])")
_BEFORE_HOUR = re.compile(
    rf"([01]?\d|2[0-4])(?=\s*{_TO}\s*(?:{'|'.join(_PARTS.values())})?\s*([01]?\d|2[0-4])\s*[点时])"
)
_DASHES = re.compile(r"\s*[-‐‑‒–—―−﹣~∼〜～]+\s*")


def tokens_in(text: str) -> list[Token] | None:
    """Return the tokens of ``text``, without fillers; None if it has an unknown word.

    ``text``: hours with plain digits and punctuation (``entered_text.narrow_line``).
    """
    plain = _DASHES.sub("-", text).replace("，", ",").replace("；", ";").replace("：", ":")
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        before = tokens[-1].kind if tokens else None
        if before is Kind.DAYS and (further := _FURTHER_DAY.match(plain, at)):
            tokens += [Token(Kind.JOIN), Token(Kind.DAYS, (_day(further[1]),))]
            at = further.end()
        elif (before is Kind.PART and (bare := _BARE_HOUR.match(plain, at))) or (bare := _BEFORE_HOUR.match(plain, at)):
            tokens.append(Token(Kind.TIME, (60 * _number(bare[1]), None)))
            at = bare.end()
        elif found := _ANY.match(plain, at):
            index = next(index for index in range(len(TOKENS)) if found[f"t{index}"] is not None)
            kind, end = TOKENS[index][0], found.end()
            if kind is not Kind.FILLER:
                tokens.append(Token(kind, _value(kind, _EACH[index].match(plain, at))))
            at = end
        else:
            return None
    return tokens


def expanded(days: str) -> Iterator[str]:
    """Yield each day of ``Mo``, ``Mo-Fr``, ``Sa-Mo`` or ``PH``."""
    first, _, last = days.partition("-")
    if not last:
        yield first
        return
    start = DAYS.index(first)
    for ahead in range((DAYS.index(last) - start) % 7 + 1):
        yield DAYS[(start + ahead) % 7]


def _value(kind: Kind, found: re.Match[str] | None) -> object:
    if found is None:
        raise ValueError(kind)
    if kind is Kind.PART:
        return next(part for part, words in _PARTS.items() if re.fullmatch(words, found[0], re.IGNORECASE))
    if kind is Kind.DAYS:
        return _days(found)
    if kind is Kind.TIME:
        half = {"p": Part.AFTERNOON, "a": Part.MORNING}.get(((found.groups() + ("", ""))[2] or "").lower())
        minutes = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0, "": 0, None: 0}
        written = (found[2] or "").strip().removesuffix("分").strip()
        return 60 * _number(found[1]) + (minutes[written] if written in minutes else _number(written)), half
    return None


def _days(found: re.Match[str]) -> tuple[str, ...]:
    if not found.groups():
        return ("Sa", "Su") if re.match("双休|周末|weekend", found[0], re.IGNORECASE) else ("Mo-Su",)
    parts = [_day(part) for part in found.groups() if len(part) < 2 or part.isascii()]
    if not parts:  # 周一三五, 周六日
        return tuple(map(_day, found[1]))
    return (parts[0],) if len(parts) == 1 else ("-".join(parts),)


def _day(written: str) -> str:
    if written in "一二三四五六日":
        return DAYS["一二三四五六日".index(written)]
    return "Su" if written == "天" else DAYS[int(written) - 1] if written.isdigit() else written[:2].title()


def _number(written: str) -> int:
    """Return the number from 0 to 99 written in digits or in Chinese numerals; 99 if it is none (十二三)."""
    if written.isdigit() and written.isascii():
        return int(written)
    digits = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return digits.get(written, _NO_NUMBER)
    if (tens and tens not in digits) or (ones and ones not in digits):
        return _NO_NUMBER
    return 10 * (digits[tens] if tens else 1) + (digits[ones] if ones else 0)
