"""Files of ``layers/`` that are built from published packages: written, or compared with what is there."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence

from geo.counties import LAYERS


def write_or_compare(
    module: str, about: str | None, build: Callable[[], Mapping[str, bytes]], arguments: Sequence[str] | None
) -> int:
    """Write the files that ``build`` gives by name; with ``--check`` compare instead, 1 if one differs.

    ``module``: what is run to build them; ``about``: its docstring, for ``--help``.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    differing = 0
    for name, content in build().items():
        path = LAYERS / name
        if not check:
            path.write_bytes(content)
            verdict = "written"
        elif path.exists() and path.read_bytes() == content:
            verdict = "as built"
        else:
            verdict = f"DIFFERS: run python -m {module}"
            differing += 1
        print(f"{name}: {len(content):,} bytes, {verdict}")
    return 1 if differing else 0
