"""Write the files of a province's folder that are built from published packages, or compare them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence

from geo.province import Province, UnknownProvince, default_province, read_province


def write_or_compare(
    module: str,
    about: str | None,
    build: Callable[[Province], Mapping[str, bytes]],
    arguments: Sequence[str] | None,
) -> int:
    """Write the files that ``build`` returns (name → bytes), or with ``--check`` compare them. Return 1 if one
    differs, else 0.

    ``module``: the module that people run to build them. ``about``: its docstring, for ``--help``.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("province", nargs="?", default=default_province(), help="adcode (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    try:
        province = read_province(options.province)
    except UnknownProvince as problem:
        parser.error(str(problem))
    differing = 0
    for name, content in build(province).items():
        path = province.folder / name
        if not options.check:
            path.write_bytes(content)
            verdict = "written"
        elif path.exists() and path.read_bytes() == content:
            verdict = "as built"
        else:
            verdict = f"DIFFERS: run python -m {module} {province.adcode}"
            differing += 1
        print(f"{province.adcode}/{name}: {len(content):,} bytes, {verdict}")
    return 1 if differing else 0
