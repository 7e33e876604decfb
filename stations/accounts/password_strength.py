"""How soon a password is guessed, and why.

``zxcvbn`` (Wheeler, USENIX Security 2016) takes a password apart into what guessers try first: the common passwords of
leaks, words, names, dates, runs and repetitions, keys side by side. It knows English habits; those of Chinese users
(Li and others, USENIX Security 2014; Wang and others, 2019) and the words of this portal come from
``password_words.csv``, and the names of places from the province in use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from geo.counties import county_layer
from geo.province import Province, province_in_use
from stations.language import N_
from stations.province import table_rows

LEAST_GUESSES = 10**10
"""From here on zxcvbn calls a password “very unguessable”: twelve characters at random have a hundred times that."""
_READ = 32
"""Characters that are looked at; the time grows with the square of their number."""
_READINGS = 16
"""Readings of signs that stand for letters (``4`` or ``@`` for a) that are tried. Their number is the product of the
choices for each letter, up to hundreds; who mixes so many signs gets the first for each letter read only.
"""
_FILE = Path(__file__).resolve().parents[1] / "data" / "password_words.csv"

_OWN_WORD = N_(
    "This password is made of words, places or numbers that are tried first here; "
    "choose several words that have nothing to do with each other"
)
_REASONS = {
    "passwords": N_(
        "This password, or most of it, is on the lists of common passwords; "
        "choose several words that have nothing to do with each other"
    ),
    "user_inputs": _OWN_WORD,
    "dictionary": N_(
        "This password is one common word or name with little added; "
        "choose several words that have nothing to do with each other"
    ),
    "spatial": N_(
        "This password is mostly keys side by side; choose several words that have nothing to do with each other"
    ),
    "repeat": N_(
        "This password repeats the same characters; choose several words that have nothing to do with each other"
    ),
    "sequence": N_(
        "This password is mostly a run such as abc or 123; choose several words that have nothing to do with each other"
    ),
    "date": N_(
        "This password is mostly a date or a year; choose several words that have nothing to do with each other"
    ),
}


def why_soon_guessed(password: str, *, names: Sequence[str] = ()) -> str | None:
    """Return a message that says why a password is soon guessed, or None if it is not.

    ``names``: the user's own, which nobody should use in a password.
    """
    from zxcvbn import matching, scoring  # its lists take a moment to load

    own = [part for name in names for part in (_joined(name), *re.split(r"[\W_\d]+", name)) if len(part) > 1]
    matching.add_frequency_lists({"user_inputs": list(known_words())})  # for what is repeated, which it looks up itself
    ranked = matching.RANKED_DICTIONARIES | {"user_inputs": matching.build_ranked_dict(_lower([*own, *known_words()]))}
    looked_at = password[:_READ]
    matches = [
        *matching.l33t_match(looked_at, ranked, _signs_for_letters(looked_at)),
        *(
            match
            for matcher in (
                matching.dictionary_match,
                matching.reverse_dictionary_match,
                matching.spatial_match,
                matching.repeat_match,
                matching.sequence_match,
                matching.regex_match,
                matching.date_match,
            )
            for match in matcher(looked_at, _ranked_dictionaries=ranked)
        ),
    ]
    matches.sort(key=lambda match: (match["i"], match["j"]))
    found: dict[str, Any] = scoring.most_guessable_match_sequence(looked_at, matches)
    if found["guesses"] >= LEAST_GUESSES:
        return None
    lengths: Counter[str] = Counter()
    for match in found["sequence"]:
        lengths[_reason(match["pattern"], match.get("dictionary_name", ""))] += len(match["token"])
    return lengths.most_common(1)[0][0]


def _reason(pattern: str, dictionary: str) -> str:
    return _REASONS.get(dictionary) or _REASONS.get("date" if pattern == "regex" else pattern) or _OWN_WORD


def _signs_for_letters(password: str) -> dict[str, list[str]]:
    """Return the signs of a password by the letter that they may stand for, so few that ``_READINGS`` are enough."""
    from zxcvbn import matching

    signs: dict[str, list[str]] = matching.relevant_l33t_subtable(password, matching.L33T_TABLE)
    if len(matching.enumerate_l33t_subs(signs)) <= _READINGS:
        return signs
    return {letter: of_letter[:1] for letter, of_letter in signs.items()}


def _lower(words: Sequence[str]) -> list[str]:
    return [word.lower() for word in words]


def known_words() -> Sequence[str]:
    """Return the words that are tried first in this portal: habits, its own words, the places of the province."""
    return _known_words(province_in_use())


@cache
def _known_words(province: Province) -> tuple[str, ...]:
    words = [text for row in table_rows(_FILE) for text in (row["word"], row["meaning"])]
    layer = county_layer(province)
    names = [(province.name, province.name_en)]
    names += [(city.name, city.name_en) for city in layer.cities]
    names += [(county.name, county.name_en) for county in layer.counties]
    for name, name_en in names:
        words += [name, name[:-1], _joined(name_en), _joined(name_en.rpartition(" ")[0])]
    return tuple(dict.fromkeys(word.lower() for word in words if len(word) > 1))


def _joined(name: str) -> str:
    return re.sub(r"[\W_]", "", name)
