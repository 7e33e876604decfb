"""English names of counties and cities from the pinyin tables of the Ministry of Civil Affairs.

Used to build the layers; at run time the names are read from ``counties.csv`` of the province's folder.
"""

from __future__ import annotations

from collections.abc import Mapping

# Kind of division → last character of the Chinese name, its pinyin, its English word.
_SUFFIXES = {
    "district": ("区", "qu", "District"),
    "county_level_city": ("市", "shi", "City"),
    "county": ("县", "xian", "County"),
}


def english_county_name(adcode: str, name: str, pinyin: str, kind: str, corrections: Mapping[str, str]) -> str:
    """Return a county's English name: ("110101", "东城区", "Dongchengqu", "district") gives "Dongcheng District".

    ``kind``: one of ``geo.counties.KINDS``. ``corrections``: adcode → name without its kind, where the pinyin is
    wrong or ambiguous.

    Raises:
        ValueError: the name or its pinyin does not end with the word for ``kind``.
    """
    hanzi, syllable, english = _SUFFIXES[kind]
    if not (name.endswith(hanzi) and pinyin.endswith(syllable)):
        raise ValueError(f"{adcode} {name} ({pinyin}) does not end in {hanzi} ({syllable})")
    return f"{corrections.get(adcode, pinyin.removesuffix(syllable))} {english}"


def english_city_name(adcode: str, pinyin: str, corrections: Mapping[str, str]) -> str:
    """Return a prefecture-level city's English name: its pinyin, or the entry of ``corrections`` for its adcode."""
    return corrections.get(adcode, pinyin)
