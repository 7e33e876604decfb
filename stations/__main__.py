"""``python -m stations``: the domain's functions without a browser."""

import gc
import sys


def run() -> int:
    """Run the command that was typed, and return its exit code.

    At its usual threshold, Python searches all that is loaded for garbage again and again while a command starts, and
    once more when it ends: a third of the time of a short command.
    """
    gc.set_threshold(100_000)
    from stations.commands.command_line import main

    code = main()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(run())
