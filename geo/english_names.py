"""English names of counties and cities from the pinyin of the Ministry of Civil Affairs' tables.

Used when the layers are built; at run time the names stand in ``counties.csv`` of the province's folder.
"""

from __future__ import annotations

from collections.abc import Mapping

# What kind of division it is: the last character of the Chinese name, its pinyin, in English.
_SUFFIXES = {
    "district": ("区", "qu", "District"),
    "county_level_city": ("市", "shi", "City"),
    "county": ("县", "xian", "County"),
}


def english_county_name(adcode: str, name: str, pinyin: str, kind: str, corrections: Mapping[str, str]) -> str:
    """A county's English name: ("110101", "东城区", "Dongchengqu", "district") to "Dongcheng District".

    ``kind`` is one of ``geo.counties.KINDS``; ``corrections``: by adcode the name without its kind, where
    the pinyin is wrong or reads two ways. Raises ``ValueError`` if the name or its pinyin does
    not end as the kind says.
    """
    hanzi, syllable, english = _SUFFIXES[kind]
    if not (name.endswith(hanzi) and pinyin.endswith(syllable)):
        raise ValueError(f"{adcode} {name} ({pinyin}) does not end in {hanzi} ({syllable})")
    return f"{corrections.get(adcode, pinyin.removesuffix(syllable))} {english}"


def english_city_name(adcode: str, pinyin: str, corrections: Mapping[str, str]) -> str:
    """A prefecture-level city's English name: its pinyin, or what ``corrections`` has for its adcode."""
    return corrections.get(adcode, pinyin)
