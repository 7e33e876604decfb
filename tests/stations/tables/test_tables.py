from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.tables.table import SavedTable, as_csv, as_json, as_table, csv_file, neutral


@pytest.mark.parametrize(
    "cell",
    [
        *["=1+1", "+86 25", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\ufeff=1", "\u200b＝1"],
        *[f"{before}=1" for before in "\u2060\u00ad\u202a\u2009\u1680\u2003\x00\x0b\x85\u2028\U000e0020"],
        *["\u200b \u2060＠x", "\u2066\u3000+1"],
        *["＝1+1", "＋86 25", "－1", "＠SUM(A1)", "﹦1", "﹢1", "﹣1", "﹫A1"],
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_made_plain(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2)))
def test_csv_reads_back_as_written(rows: list[list[str]]) -> None:
    text = as_csv(["a", "b"], rows) + "\n"
    assert list(csv.reader(io.StringIO(text)))[1:] == [[neutral(cell) for cell in row] for row in rows]


def test_numbers_stay_numbers() -> None:
    assert as_csv(["n"], [[-1.5]]) == "n\n-1.5"


def test_json_keeps_chinese_readable() -> None:
    assert json.loads(as_json({"name": "昆山市"})) == {"name": "昆山市"}
    assert "昆山市" in as_json(["昆山市"])


def test_chinese_counts_two_columns_in_a_table() -> None:
    lines = as_table(["名称", "n"], [["昆山", "1"], ["ab", "2"]]).splitlines()
    assert lines[2].index("1") == lines[3].index("2") - 2


def test_a_csv_file_opens_right_in_excel_and_holds_rows_only() -> None:
    table = SavedTable("覆盖", ["县", "=n"], [["昆山市", 1], ["@x", 2]], ["截至2026年11月24日", "+来源"])
    content = csv_file(table)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["县", "'=n"], ["昆山市", "1"], ["'@x", "2"]]
