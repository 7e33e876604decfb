"""The command line: parse the arguments, run the command, report an error in one line.

Exit codes: 0 done; 1 the database is not ready or not reachable, or a check found a fault; 2 wrong input.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from itertools import pairwise

import click
from click.shell_completion import CompletionItem
from sqlalchemy.exc import OperationalError

from geo.province import use_province
from stations.clock import read_clock
from stations.commands.completion import COMPLETE_VARIABLE
from stations.commands.declaring import shared_options
from stations.commands.listing import COMMANDS, SECTIONS
from stations.commands.parameter_types import Unreadable
from stations.commands.spoken import SpokenCommand, Terminal, language_of, spelling
from stations.errors import DomainError, InvalidForm, InvalidInput, NotReady
from stations.language import N_, Language, nearest_language
from stations.settings import read_settings

PROGRAM = "python -m stations"


class AllCommands(SpokenCommand, click.Group):
    """The group of all commands in ``listing``; the module of a command is loaded when it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that was typed; while a shell completes it, None where there is no such command.

        Raises:
            click.UsageError: there is no such command.
        """
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            say = language_of(ctx).translate
            near = get_close_matches(args[0], COMMANDS, n=1)
            told = N_("There is no command “{name}”; --help lists them")
            if near:
                told = N_("There is no command “{name}”; did you mean {near}?")
            ctx.fail(say(told, name=args[0], near=near[0] if near else ""))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command.

        Raises:
            click.UsageError: no command follows.
        """
        rest = super().parse_args(ctx, args)
        if not ctx._protected_args and not ctx.resilient_parsing:
            ctx.fail(language_of(ctx).translate(N_("{parameter} is missing"), parameter="COMMAND"))
        return rest

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name, loading its module; None if there is none."""
        listed = COMMANDS.get(cmd_name)
        if listed is None:
            return None
        module = import_module(f"stations.commands.{listed.module}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        command.name, command.help = cmd_name, listed.help
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands with this beginning, each with its help; options if it begins with a dash."""
        if incomplete.startswith("-"):
            return SpokenCommand.shell_complete(self, ctx, incomplete)
        say = language_of(ctx).translate
        return [
            CompletionItem(name, help=say(listed.help))
            for name, listed in COMMANDS.items()
            if name.startswith(incomplete)
        ]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and, by section, the commands."""
        SpokenCommand.format_options(self, ctx, formatter)
        say = language_of(ctx).translate
        for section in SECTIONS:
            with formatter.section(say(section.title)):
                formatter.write_dl([(name, say(listed.help)) for name, listed in section.commands.items()])


def _group() -> AllCommands:
    return AllCommands(
        name=PROGRAM,
        help=N_("The network of service stations of a province (PROVINCE), without a browser."),
        params=shared_options(),
        subcommand_metavar="COMMAND [ARGUMENTS]...",
        no_args_is_help=False,
    )


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(arguments, environment)
    try:
        settings = read_settings(environment)
        use_province(settings.province)
        clock = read_clock(environment)
        terminal = Terminal(language, settings, clock.now, clock.set_to)
        code: int = _group().main(arguments, PROGRAM, COMPLETE_VARIABLE, standalone_mode=False, obj=terminal)
        return code
    except click.UsageError as problem:
        path = problem.ctx.command_path if problem.ctx else PROGRAM
        return _fail(_in_words(problem, language), 2, path)
    except NotReady as problem:
        return _fail(language.translate(problem.message, **problem.params), 1)
    except InvalidForm as form:
        for one in form.problems:
            _fail(_problem_in_words(one, language), 2)
        return 2
    except DomainError as problem:
        return _fail(language.translate(problem.message, **problem.params), 2)
    except OperationalError as problem:
        reason = str(problem.orig).splitlines()[0]
        return _fail(language.translate(N_("The database is out of reach: {reason}"), reason=reason), 1)


def _problem_in_words(problem: InvalidInput, language: Language) -> str:
    """Return one of several problems in words, with the row of the file that it is about."""
    told = language.translate(problem.message, **problem.params)
    row = problem.field.removeprefix("row ")
    return language.translate(N_("row {row}: {problem}"), row=row, problem=told) if row.isdigit() else told


def _in_words(problem: click.UsageError, language: Language) -> str:
    """Return a usage error in words, on one line."""
    say = language.translate
    match problem:
        case Unreadable(param=param):
            told = say(problem.told, **problem.params)
            return f"{spelling(param)}: {told}" if param else told
        case click.MissingParameter(param=param) if param:
            return say(N_("{parameter} is missing"), parameter=spelling(param))
        case click.NoSuchOption():
            return say(N_("There is no option {option}; --help lists them"), option=problem.option_name)
        case click.BadOptionUsage():
            return say(N_("{option} lacks its value, or takes none; see --help"), option=problem.option_name)
        case _:
            return " ".join(problem.format_message().split())


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the requested language, found before parsing so that parsing errors and help use it too."""
    asked = next(
        (
            following if word == "--lang" else word.removeprefix("--lang=")
            for word, following in pairwise([*arguments, ""])
            if word == "--lang" or word.startswith("--lang=")
        ),
        None,
    )
    wishes = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Language(nearest_language(asked, *wishes))


def _fail(message: str, code: int, path: str = PROGRAM) -> int:
    print(f"{path}: {message}", file=sys.stderr)
    return code
