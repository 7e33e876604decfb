"""Update the Chinese catalogues from the code: ``python -m tests.tools.update_messages``.

New messages are added without a translation, unused ones are removed, the others do not change.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from portal.language import PORTAL_CATALOGUE
from stations.language import STATIONS_CATALOGUE, Catalogue

ROOT = Path(__file__).resolve().parents[2]
ROOMS: dict[str, Catalogue] = {"stations": STATIONS_CATALOGUE, "portal": PORTAL_CATALOGUE}
KEYWORDS = {**DEFAULT_KEYWORDS, "translate": None, "Counted": (1, 2)}

Message = str | tuple[str, ...]


def messages_in(room: str) -> dict[Message, str]:
    """Return every message in the code of a top-level package, with its file."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT / room, methods, options, keywords=KEYWORDS)
    return {message: f"{room}/{file}" for file, _, message, _, _ in found}


def update(room: str, translations: dict[str, str] | None = None) -> list[str]:
    """Rewrite a package's catalogue, adding ``translations``. Return the messages without a translation."""
    path = ROOMS[room].path("zh_CN")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN", domain=ROOMS[room].domain)
    template = Catalog()
    for message, file in messages_in(room).items():
        template.add(message, locations=[(file, 0)])
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    missing = []
    for entry in catalogue:
        if not entry.id:
            continue
        singular = entry.id if isinstance(entry.id, str) else entry.id[0]
        if translations and singular in translations:
            text = translations[singular]
            entry.string = text if isinstance(entry.id, str) else (text,)
        if not entry.string or not all(entry.string):
            missing.append(singular)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, include_lineno=False, omit_header=True)
    return missing


if __name__ == "__main__":
    for name in ROOMS:
        for text in update(name):
            print(f"{name}: not translated yet: {text}")
