"""The examples in the documentation: blocks of commands or Python marked ``run``, and what is said to come back.

In a document such a block begins with three back-ticks and ``bash run`` or ``python run``. The next block, if it is
marked ``part`` (``json part``, ``text part``, ``csv part`` …), is a part of what the example prints:

- ``json part``: what the example prints is JSON and has at least these members, with these values. ``"…"`` stands for
  any value, and as the last item of a list for any further ones.
- any other: each line occurs in what is printed, in this order; ``…`` within a line stands for anything.

The blocks of one section (``##``) run one after the other in one shell, or share their names, so that a later one uses
what an earlier one has found.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

ADDRESS = "https://portal.example.com"
"""The portal in the documents; the server under test takes its place."""
ANY = "…"
_FENCE = re.compile(r"^```(?P<language>[a-z]+)(?: (?P<mark>run|part))?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_SECTION = re.compile(r"^## +(.+)$", re.MULTILINE)
_END = "### end of an example ###"


@dataclass(frozen=True)
class Example:
    """One block to run. ``part``: what it prints at least; None where the document does not say."""

    section: str
    language: str
    text: str
    line: int
    part: str | None = None
    part_language: str = ""


def examples_of(document: str) -> Iterator[Example]:
    """Yield the blocks of a document that are to be run, in their order."""
    headings = [(found.start(), found[1]) for found in _SECTION.finditer(document)]
    blocks = list(_FENCE.finditer(document))
    for block, following in zip_longest(blocks, blocks[1:]):
        if block["mark"] != "run":
            continue
        section = next((title for start, title in reversed(headings) if start < block.start()), "")
        told = following if following and following["mark"] == "part" else None
        line = document.count("\n", 0, block.start()) + 1
        yield Example(
            section, block["language"], block["text"], line, told and told["text"], told["language"] if told else ""
        )


def together(document: str) -> list[tuple[str, str, list[Example]]]:
    """Return what runs together: the section, the language and its examples."""
    found = sorted(examples_of(document), key=lambda one: (one.section, one.language))
    groups = groupby(found, key=lambda one: (one.section, one.language))
    return [(section, language, list(examples)) for (section, language), examples in groups]


def run(examples: Sequence[Example], address: str, variables: Mapping[str, str], folder: Path) -> list[str]:
    """Run examples of one language one after the other; return what each printed.

    ``address``: takes the place of ``ADDRESS``. ``variables``: of the environment. ``folder``: where they run.
    """
    texts = [one.text.replace(ADDRESS, address) for one in examples]
    return {"bash": _in_one_shell, "python": _in_one_python}[examples[0].language](texts, variables, folder)


def _in_one_shell(texts: Sequence[str], variables: Mapping[str, str], folder: Path) -> list[str]:
    script = "".join(f"{text}\necho '{_END}'\n" for text in texts)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{done.stderr}\n{done.stdout}"
    return done.stdout.split(f"{_END}\n")[:-1]


def _in_one_python(texts: Sequence[str], variables: Mapping[str, str], folder: Path) -> list[str]:
    names: dict[str, Any] = {"__name__": "__main__"}
    printed = []
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        with contextlib.chdir(folder):
            for text in texts:
                output = io.StringIO()
                with contextlib.redirect_stdout(output):
                    exec(compile(text, "example", "exec"), names)
                printed.append(output.getvalue())
    finally:
        os.environ.clear()
        os.environ.update(before)
    return printed


def check(example: Example, printed: str) -> None:
    """Compare what an example printed with what the document says of it."""
    if example.part is None:
        return
    if example.part_language == "json":
        differ(json.loads(example.part), json.loads(printed), "answer")
        return
    place = 0
    for line in filter(None, (line.strip() for line in example.part.splitlines())):
        found = re.compile(".*?".join(map(re.escape, line.split(ANY)))).search(printed, place)
        assert found, f"“{line}” is not in:\n{printed}"
        place = found.end()


def differ(said: Any, came: Any, where: str) -> None:
    """Fail where an answer does not have what is said of it."""
    if said == ANY:
        return
    if isinstance(said, dict):
        assert isinstance(came, dict), f"{where} is no object: {came!r}"
        for name, value in said.items():
            assert name in came, f"{where} has no “{name}”: {sorted(came)}"
            differ(value, came[name], f"{where}.{name}")
        return
    if isinstance(said, list):
        assert isinstance(came, list), f"{where} is no list: {came!r}"
        more = bool(said) and said[-1] == ANY
        named = said[:-1] if more else said
        assert len(came) >= len(named) if more else len(came) == len(named), f"{where} has {len(came)} items"
        for place, (one, other) in enumerate(zip(named, came, strict=False)):
            differ(one, other, f"{where}[{place}]")
        return
    assert came == said, f"{where} is {came!r}, said to be {said!r}"
