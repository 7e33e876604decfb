"""Run commands in the checkout that is the working directory; read cases and write outcomes as JSON.

Started by ``compare_command_json`` in both checkouts: it imports nothing of this one.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout


def run(arguments: list[str], typed: str, environment: dict[str, str]) -> dict[str, object]:
    """Return the exit code and what the command wrote to standard output and standard error."""
    from stations.commands.command_line import main  # of the checkout, once the path names it

    out, err = io.StringIO(), io.StringIO()
    sys.stdin = io.StringIO(typed)
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(arguments, environment)
        except SystemExit as ended:
            code = ended.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    asked, sys.stdout, answers = json.load(sys.stdin), sys.stderr, sys.stdout
    json.dump([run(**one) for one in asked], answers, ensure_ascii=False)
