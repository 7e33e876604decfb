"""Every example in the documentation that is marked to be run, on a real server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.portal.api.examples import ANY, Example, check, differ, run, together
from tests.portal.conftest import Server

DOCS = Path(__file__).resolve().parents[3] / "docs"
GROUPS = {
    f"{path.stem}: {section} ({language})": examples
    for path in sorted(DOCS.glob("*.md"))
    for section, language, examples in together(path.read_text(encoding="utf-8"))
}
PREPARED: Mapping[str, Callable[[Server], dict[str, str]]] = {}
"""For a section whose examples need more than a server (a key, a request's number and code): what returns the
environment variables that the examples use."""


@pytest.mark.parametrize("group", GROUPS)
def test_what_the_documents_say_comes_back(portal_server: Server, group: str, tmp_path: Path) -> None:
    examples = GROUPS[group]
    if examples[0].language == "bash" and not shutil.which("curl"):
        pytest.skip("there is no curl on this machine")
    prepare = PREPARED.get(examples[0].section)
    variables = prepare(portal_server) if prepare else {}
    for example, printed in zip(examples, run(examples, portal_server.url, variables, tmp_path), strict=True):
        try:
            check(example, printed)
        except (AssertionError, ValueError) as error:
            pytest.fail(f"line {example.line}: {error}\nprinted:\n{printed[:2000]}")


def test_every_section_is_shown_with_curl_and_with_python() -> None:
    by_section: dict[str, set[str]] = {}
    for name in GROUPS:
        section, _, language = name.rpartition(" (")
        by_section.setdefault(section, set()).add(language.rstrip(")"))
    assert {section for section, languages in by_section.items() if languages != {"bash", "python"}} == set()


DOCUMENT = """
## One
```bash run
answer=hello
echo "$answer"
```
```text part
hel…
```
```python run
print(1)
```
```bash run
echo "{\\"said\\": \\"$answer\\"}"
```
```json part
{"said": "hello"}
```
```bash
rm -rf /
```
"""


def test_only_what_is_marked_is_run_and_a_section_shares_its_names(tmp_path: Path) -> None:
    groups = together(DOCUMENT)
    assert [(section, language, len(examples)) for section, language, examples in groups] == [
        ("One", "bash", 2),
        ("One", "python", 1),
    ]
    printed = run(groups[0][2], "http://127.0.0.1", {}, tmp_path)
    assert printed == ["hello\n", '{"said": "hello"}\n']
    for example, text in zip(groups[0][2], printed, strict=True):
        check(example, text)


@pytest.mark.parametrize(
    ("said", "came"),
    [
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 2}),
        ([1], [1, 2]),
        ([1, 2, ANY], [1]),
        ({"a": {"b": [{"c": "x"}]}}, {"a": {"b": [{"c": "y"}]}}),
    ],
)
def test_an_answer_that_is_not_as_said_is_noticed(said: object, came: object) -> None:
    with pytest.raises(AssertionError):
        differ(said, came, "answer")


def test_an_answer_may_have_more_than_is_said() -> None:
    differ({"a": [{"b": 1}, ANY], "c": ANY}, {"a": [{"b": 1, "d": 2}, 3], "c": 4, "e": 5}, "answer")
    with pytest.raises(AssertionError):
        check(Example("", "bash", "", 1, "first\nsecond", "text"), "second\nfirst\n")
