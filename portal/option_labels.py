"""Labels of options that are records: no two alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return what options are called, by their codes; where several are called alike, with the code.

    Streamlit tells the options of a field apart by their labels: of two alike it takes the last, whichever was chosen.
    """
    alike = Counter(names.values())
    return {code: f"{name} · {code}" if alike[name] > 1 else name for code, name in names.items()}
