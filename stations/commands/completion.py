"""The script for shell completion of commands, options and their values.

It defines the shell command ``stations``, which runs this checkout from anywhere, and completes its arguments.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from stations.commands.parameter_types import OneOf
from stations.commands.spoken import SpokenArgument, SpokenCommand
from stations.language import N_

ROOT = Path(__file__).resolve().parents[2]
COMPLETE_VARIABLE = "_STATIONS_COMPLETE"

# For each shell: the call of a program by name, which ``python -m`` does not have; a function definition.
_CALLS = {
    "bash": ("bash_complete $1", 'stations() {{ {call} "$@"; }}'),
    "zsh": ("zsh_complete %(prog_name)s", 'stations() {{ {call} "$@"; }}'),
    "fish": ("COMP_CWORD=(commandline -t) %(prog_name)s", "function stations; {call} $argv; end"),
}
# A help text may contain commas: only the first one separates.
_FISH_SPLIT, _FISH_SPLIT_ONCE = 'string split "," $completion', 'string split --max 1 "," $completion'
_ZSH_GUARD = "    (( ! $+commands[%(prog_name)s] )) && return 1\n"  # the function is not a program


def completion_script(shell: str) -> str:
    """Return the script for ``bash``, ``zsh`` or ``fish``."""
    call = f"env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)} -m stations"
    old, function = _CALLS[shell]
    known = get_completion_class(shell)
    if known is None:
        raise ValueError(f"there is no completion for “{shell}”")
    template = known.source_template.replace(_ZSH_GUARD, "")
    template = template.replace(_FISH_SPLIT, _FISH_SPLIT_ONCE)
    script = template.replace(old, f"{old.rsplit(' ', 1)[0]} {call.replace('%', '%%')}")
    names = {"complete_func": "_stations_completion", "complete_var": COMPLETE_VARIABLE, "prog_name": "stations"}
    return f"{function.format(call=call)}\n{script % names}"


def _print(shell: str) -> int:
    click.echo(completion_script(shell))
    return 0


completion_command = SpokenCommand(
    name="completion",
    params=[SpokenArgument("shell", type=OneOf(_CALLS), help=N_("The shell that completes."))],
    callback=_print,
)
