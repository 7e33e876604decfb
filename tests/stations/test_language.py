import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import portal
import stations
from stations.language import LANGUAGES, N_, Catalogue, Counted, Language, Listed, nearest_language

ZH, EN = Language("zh_CN"), Language("en")


def instants_taken_for_days(tree: ast.AST) -> set[str]:
    """Return the places where the day of an instant is read off in its own time zone, which is that of UTC."""
    found = set()
    for node in ast.walk(tree):
        spec = ast.unparse(node.format_spec) if isinstance(node, ast.FormattedValue) and node.format_spec else ""
        if isinstance(node, ast.FormattedValue) and "%d" in spec and "%H" not in spec:  # an hour may be of any zone
            found.add(ast.unparse(node.value))
        if isinstance(node, ast.Attribute) and node.attr in {"date", "strftime"}:
            found.add(ast.unparse(node.value))
    return {one for one in found if re.search(r"(_at|\bnow)$", one)}


def test_the_day_of_an_instant_is_that_in_china() -> None:
    """Stored instants are UTC, where the day begins eight hours later: ``day_in_china`` tells the day."""
    rooms = [Path(room.__file__).parent for room in (stations, portal)]
    sources = [path for room in rooms for path in room.rglob("*.py") if "migrations" not in path.parts]
    wrong = {path.name: found for path in sources if (found := instants_taken_for_days(ast.parse(path.read_text())))}
    assert wrong == {}


def fixed_joins(tree: ast.AST) -> set[str]:
    """Return the parameters of messages that are joined by a comma or semicolon of one language."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.keyword) or not isinstance(node.value, ast.Call):
            continue
        joined = node.value.func
        if (
            isinstance(joined, ast.Attribute)
            and joined.attr == "join"
            and isinstance(joined.value, ast.Constant)
            and joined.value.value in {", ", "; ", "、", "；", "，"}
        ):
            found.add(f"{node.arg}={ast.unparse(node.value)}")
    return found


def test_a_list_in_a_message_is_joined_as_the_readers_language_does() -> None:
    """``Listed`` is; a comma written into the code is right in one language only."""
    rooms = [Path(room.__file__).parent for room in (stations, portal)]
    sources = [path for room in rooms for path in room.rglob("*.py") if "migrations" not in path.parts]
    wrong = {path.name: found for path in sources if (found := fixed_joins(ast.parse(path.read_text())))}
    assert wrong == {
        "account_editing.py": {"fields=', '.join(changed)"},  # an entry of the log, read part by part
        "document.py": {"names='、'.join(kinds[kind])"},  # the bulletin, which is in Chinese
        "key_administration.py": {"scopes=', '.join(key.scopes)"},  # an entry of the log, read part by part
    }


FIRST = """
msgid "Hello {name}"
msgstr "你好，{name}"

msgid "{count} row"
msgid_plural "{count} rows"
msgstr[0] "{count} 行"
"""
SECOND = """
msgid "Hello {name}"
msgstr "您好"

msgid "Bye"
msgstr "再见"

#, fuzzy
msgid "Maybe"
msgstr "大概"
"""


@pytest.fixture
def spoken(tmp_path: Path) -> Language:
    """Return Chinese with two catalogues, the first of which lacks what the second has."""
    catalogues = (Catalogue(tmp_path / "a", "first"), Catalogue(tmp_path / "b", "second"))
    for catalogue, text in zip(catalogues, (FIRST, SECOND), strict=True):
        catalogue.path("zh_CN").parent.mkdir(parents=True)
        catalogue.path("zh_CN").write_text(text, encoding="utf-8")
    return Language("zh_CN", catalogues)


def test_messages_come_from_the_first_catalogue_that_has_them(spoken: Language) -> None:
    assert spoken.translate("Hello {name}", name="{x}") == "你好，{x}"
    assert spoken.translate("Bye") == "再见"
    assert spoken.translate("Nowhere {n}", n=1) == "Nowhere 1"
    assert spoken.translate("Maybe") == "Maybe"
    assert spoken.translate("") == ""


def test_plural_forms(spoken: Language) -> None:
    assert spoken.ngettext("{count} row", "{count} rows", 1) == "1 行"
    assert spoken.ngettext("{count} row", "{count} rows", 2000) == "2,000 行"
    assert EN.ngettext("{count} row", "{count} rows", 1) == "1 row"
    assert EN.ngettext("{count} row", "{count} rows", 0) == "0 rows"


def test_english_needs_no_catalogue() -> None:
    assert EN.translate(N_("{a} and {b}"), a=1, b=2) == "1 and 2"


def test_a_number_in_a_message_has_the_form_of_its_noun() -> None:
    counted = [Counted("{count} digit", "{count} digits", count) for count in (0, 1, 2)]
    assert [EN.translate("{digits}", digits=one) for one in counted] == ["0 digits", "1 digit", "2 digits"]
    assert ZH.translate("{digits}", digits=counted[1]) == "1 位数字"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="zh_CN, en"):
        Language("fr")


def test_pick_prefers_the_own_text_and_falls_back() -> None:
    assert (ZH.pick("中", "E"), EN.pick("中", "E")) == ("中", "E")
    assert (ZH.pick("", "E"), EN.pick("中", None)) == ("E", "中")
    assert ZH.pick(None, None) == ""


@pytest.mark.parametrize(
    ("precision", "zh", "en"),
    [
        ("day", "2026年11月24日", "24 November 2026"),
        ("month", "2026年11月", "November 2026"),
        ("year", "2026年", "2026"),
    ],
)
def test_dates(precision: str, zh: str, en: str) -> None:
    day = date(2026, 11, 24)
    assert ZH.format_date(day, precision) == zh
    assert EN.format_date(day, precision) == en


def test_times_are_told_by_the_clock_in_china() -> None:
    moment = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
    assert ZH.format_datetime(moment) == "2026年11月24日 00:05"
    assert EN.format_datetime(moment) == "24 November 2026 00:05"


def test_numbers() -> None:
    assert ZH.format_number(12345) == "12,345"
    assert EN.format_number(0.5, 2) == "0.50"
    assert ZH.format_percent(0.8947) == "89%"
    assert EN.format_percent(0.8947, 1) == "89.5%"


@pytest.mark.parametrize(
    ("metres", "zh", "en"),
    [
        (0, "0 米", "0 m"),
        (999.4, "999 米", "999 m"),
        (999.6, "1.0 公里", "1.0 km"),
        (12345, "12.3 公里", "12.3 km"),
        (99_960, "100 公里", "100 km"),
        (1_234_567, "1,235 公里", "1,235 km"),
    ],
)
def test_distances(metres: float, zh: str, en: str) -> None:
    assert (ZH.format_distance(metres), EN.format_distance(metres)) == (zh, en)


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ((), "zh_CN"),
        ((None, ""), "zh_CN"),
        (("en-US",), "en"),
        (("zh-Hant-TW",), "zh_CN"),
        (("fr", "EN", "zh"), "en"),
        (("english",), "zh_CN"),
    ],
)
def test_nearest_language(wishes: tuple, code: str) -> None:
    assert nearest_language(*wishes) == code


@given(st.lists(st.text()))
def test_whatever_is_wished_for_we_speak_something(wishes: list[str]) -> None:
    assert nearest_language(*wishes) in LANGUAGES


def test_a_list_of_messages_fills_a_placeholder_in_the_language_spoken() -> None:
    roles = Listed(["City administrator", "Planner"])
    told = "This is outside your duty. For it, each in the own area: {roles}"
    assert Language("en").translate(told, roles=roles).endswith(": City administrator, Planner")
    assert Language("zh_CN").translate(told, roles=roles).endswith("：市级管理员、规划员")
