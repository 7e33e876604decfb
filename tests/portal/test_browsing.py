"""What the tests' own watching of pages rests on."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SCRIPT = (Path(__file__).parent / "script_runs.js").read_text(encoding="utf-8")


def test_the_script_that_follows_runs_uses_the_numbers_of_streamlits_protocol() -> None:
    named = {name: int(number) for name, number in re.findall(r"([A-Z_]+) = (\d+)[,;]", SCRIPT)}
    assert named == {
        "RERUN_SCRIPT": BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].number,
        "NEW_SESSION": ForwardMsg.DESCRIPTOR.fields_by_name["new_session"].number,
        "SCRIPT_FINISHED": ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number,
        "FINISHED_EARLY_FOR_RERUN": ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN"),
    }
