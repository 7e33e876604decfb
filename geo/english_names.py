"""English names of counties and cities from the pinyin of the Ministry of Civil Affairs' tables.

Used when the layers are built; at run time the names stand in ``layers/counties.csv``.
"""

from __future__ import annotations

# What kind of division it is: the last character of the Chinese name, its pinyin, in English.
_SUFFIXES = {
    "district": ("区", "qu", "District"),
    "county_level_city": ("市", "shi", "City"),
    "county": ("县", "xian", "County"),
}

# Where the tables' pinyin is wrong or reads two ways. All 95 counties and 13 cities were read one
# by one. The apostrophe is GB/T 16159's before a syllable that begins with a, o or e.
_CORRECTIONS = {
    "320116": "Luhe",  # 六合 reads Lùhé here, not Liùhé
    "320685": "Hai'an",  # 海安
    "320800": "Huai'an",  # 淮安, the city
    "320803": "Huai'an",  # 淮安, the district
    "320903": "Yandu",  # 盐都 reads Yándū here, not Yándōu
}


def english_county_name(adcode: str, name: str, pinyin: str, kind: str) -> str:
    """A county's English name: ("320116", "六合区", "Liuhequ", "district") to "Luhe District".

    ``kind`` is one of ``geo.counties.KINDS``. Raises ``ValueError`` if the name or its pinyin does
    not end as the kind says.
    """
    hanzi, syllable, english = _SUFFIXES[kind]
    if not (name.endswith(hanzi) and pinyin.endswith(syllable)):
        raise ValueError(f"{adcode} {name} ({pinyin}) does not end in {hanzi} ({syllable})")
    return f"{_CORRECTIONS.get(adcode, pinyin.removesuffix(syllable))} {english}"


def english_city_name(adcode: str, pinyin: str) -> str:
    """A prefecture-level city's English name: ("320800", "Huaian") to "Huai'an"."""
    return _CORRECTIONS.get(adcode, pinyin)
