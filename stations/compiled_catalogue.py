"""A catalogue of translations in the form that gettext reads.

A ``.po`` file is compiled when it is first read after a change, and kept compiled where Python keeps compiled modules:
compiling takes longer than most commands take for their answer.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from gettext import GNUTranslations
from importlib.util import cache_from_source
from io import BytesIO
from pathlib import Path
from shutil import copymode
from tempfile import NamedTemporaryFile


def read_catalogue(source: Path, locale: str) -> GNUTranslations:
    """Return the translations of a ``.po`` file. ``locale``: its language, as Babel names it."""
    kept = Path(cache_from_source(str(source))).with_suffix(".mo")
    written = source.stat().st_mtime_ns
    with suppress(OSError):
        if kept.stat().st_mtime_ns == written:
            return GNUTranslations(BytesIO(kept.read_bytes()))
    compiled = _compile(source, locale)
    if not sys.dont_write_bytecode:
        with suppress(OSError):  # a folder that can't be written to: it is compiled anew the next time
            _keep(compiled, kept, source, written)
    return GNUTranslations(BytesIO(compiled))


def _compile(source: Path, locale: str) -> bytes:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with source.open("rb") as text:
        write_mo(compiled, read_po(text, locale=locale))
    return compiled.getvalue()


def _keep(compiled: bytes, kept: Path, source: Path, written: int) -> None:
    """Write the file as a whole or not at all, with the time of its source: by this it is known to be up to date."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=kept.parent, prefix=kept.name, delete=False) as new:
        new.write(compiled)
    copymode(source, new.name)
    os.utime(new.name, ns=(written, written))
    os.replace(new.name, kept)
