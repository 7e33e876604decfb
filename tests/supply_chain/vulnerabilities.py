"""Ask a database of known vulnerabilities about every package of the lock: ``make vulnerabilities``.

Exit codes: 0 none is known, 1 some are, 2 no database could be asked, or not about every package.
"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.supply_chain.locked_packages import LOCK, locked_packages

UNREACHABLE = "No database of known vulnerabilities can be reached from here: NOTHING WAS CHECKED.\n"


def main(tool: str, *more: str) -> int:
    """Ask, and tell. ``tool``: the path of ``pip-audit``; ``more``: further arguments of it."""
    command = [tool, "--requirement", str(LOCK), "--disable-pip", "--require-hashes", "--format=json", "--timeout=15"]
    done = subprocess.run([*command, "--progress-spinner=off", *more], capture_output=True, text=True)
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"{UNREACHABLE}{reason[0]}", file=sys.stderr)
        return 2
    asked = [one for one in told if "skip_reason" not in one]
    skipped = [one["name"] for one in told if "skip_reason" in one]
    for one in asked:
        for found in one["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            print(f"{one['name']} {one['version']}: {found['id']}, mended in {mended}")
    if not asked:
        print(UNREACHABLE, file=sys.stderr, end="")
        return 2
    known = sum(len(one["vulns"]) for one in asked)
    print(f"{len(asked)} of {len(locked_packages())} packages asked about; known vulnerabilities: {known}")
    if skipped:
        print(f"NOT CHECKED: {', '.join(skipped)}", file=sys.stderr)
    return 1 if known else 2 if skipped else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
