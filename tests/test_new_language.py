"""A new language needs one line and its catalogues: a copy of the product with nothing else changed speaks it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.product_copy import ProductCopy

LINE = '    "en": Tongue("en_GB", "English"),\n'
SPEAK = """
import io, json, os
import openpyxl
from portal.language import speak
from portal.maps.base_maps import tile_hosts, tile_urls
from portal.settings import read_settings
from stations.database import open_engine, transaction
from stations.imports.columns import COLUMNS
from stations.imports.template import import_template
from stations.language import Language, nearest_language
from stations.loading.migration import upgrade
from stations.registry.record_terms import Terms
import stations.loading.schema

german = Language("de")
engine = open_engine("sqlite://")
upgrade(engine)
with transaction(engine) as session:
    book = openpyxl.load_workbook(io.BytesIO(import_template(Terms.load(session), german)))
settings = read_settings({"BASEMAP": "tianditu", "TIANDITU_KEY": "abc"})
print(json.dumps({
    "nearest": nearest_language("de-AT"),
    "yes": speak("de").translate("yes"),
    "page": speak("de").translate("Sign in"),
    "date": german.format_date(__import__("datetime").date(2026, 11, 24)),
    "list": german.join(["a", "b"]),
    "name": german.pick("昆山", "Kunshan"),
    "heading": book.worksheets[0]["A1"].value,
    "english": COLUMNS[0].label,
    "tiles": len(tile_urls(settings, "de")),
    "hosts": list(tile_hosts(settings)),
}))
"""


def test_a_language_in_one_line_and_its_catalogues_is_spoken(tmp_path: Path) -> None:
    product = ProductCopy(tmp_path / "product")
    table = product.folder / "stations/language.py"
    source = table.read_text(encoding="utf-8")
    assert LINE in source
    table.write_text(source.replace(LINE, LINE + '    "de": Tongue("de_DE", "Deutsch"),\n'), encoding="utf-8")
    for room, english, german in (("stations", "yes", "ja"), ("portal", "Sign in", "Anmelden")):
        (product.folder / f"{room}/locale/de/LC_MESSAGES").mkdir(parents=True)
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        text = f'{header}msgid "{english}"\nmsgstr "{german}"\n'
        product.add(f"{room}/locale/de/LC_MESSAGES/{room}.po", text)
    told = json.loads(product.run("-c", SPEAK))
    assert told["nearest"] == "de" and (told["yes"], told["page"]) == ("ja", "Anmelden")
    assert (told["date"], told["list"], told["name"]) == ("24. November 2026", "a, b", "Kunshan")
    assert told["heading"] == told["english"]
    assert (told["tiles"], told["hosts"]) == (2, ["https://*.tianditu.gov.cn"])
