"""Write ``docs/licences.md`` from what the installed packages state of themselves: ``make licences``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.supply_chain.locked_packages import ROOT, locked_packages

TARGET = ROOT / "docs" / "licences.md"
HEAD = """# Licences

The packages that the portal needs to run, each with the licence that it states. Written by `make licences`; a test
compares it with `requirements.txt`. The font's licence is in `stations/fonts/OFL.txt`, the sources of data are in
`stations/data/SOURCES.md` and `geo/provinces/*/SOURCES.md`.

| package | version | licence |
|---|---|---|
"""


READ_BY_HAND = {
    "pyrage": "MIT (its licence file)",
    "streamlit-folium": "MIT (its repository)",
    "xstatic-leaflet": "BSD-2-Clause (Leaflet)",
    "xstatic-leaflet-markercluster": "MIT (Leaflet.markercluster)",
}
"""Of packages that state none, or only that it is another's."""


def stated_licences(tool: Path) -> list[tuple[str, str, str]]:
    """Return name, version and licence of each package of the lock, as ``pip-licenses`` finds them in this Python."""
    command = [str(tool), f"--python={sys.executable}", "--from=mixed", "--format=json", "--with-system"]
    told = subprocess.run(
        [*command, "--packages", *locked_packages()], capture_output=True, text=True, check=True
    ).stdout
    found = {canonicalize_name(one["Name"]): one for one in json.loads(told)}
    return [
        (name, one["Version"], READ_BY_HAND.get(name) or _short(one["License"])) for name, one in sorted(found.items())
    ]


def _short(licence: str) -> str:
    """Return a licence on one line: some packages state the whole text, which begins with its name."""
    return " ".join(licence.partition("\n")[0].replace("|", "/").split())[:120]


def main() -> None:
    """Write the file. The argument is the path of ``pip-licenses``."""
    rows = "".join(f"| {' | '.join(one)} |\n" for one in stated_licences(Path(sys.argv[1])))
    TARGET.write_text(HEAD + rows, encoding="utf-8")


if __name__ == "__main__":
    main()
