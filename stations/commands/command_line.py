"""The command line: parsing what was typed, running the command, telling errors in one line.

Exit codes: 0 done; 1 the database is not ready or out of reach, or a check found a fault; 2 wrong input.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NoReturn

from sqlalchemy.exc import OperationalError

from stations.answers.answer import Answer, Question
from stations.clock import read_clock
from stations.commands.commands import Command, commands
from stations.database import open_engine
from stations.errors import DomainError, InvalidInput, NotReady
from stations.language import CHINA_TIME, LANGUAGES, N_, Language, nearest_language
from stations.loading import schema  # noqa: F401 - every table is known before the first question is asked
from stations.loading.migration import check_ready
from stations.settings import read_settings
from stations.tables.table import as_csv, as_json, as_table

FORMATS = ("table", "json", "csv")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def _parser(language: Language) -> _Parser:
    # Options that stand before or after the command alike; a default here would undo the one before.
    shared = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--format", metavar="FORMAT", help=f"{', '.join(FORMATS)} (default: table)")
    shared.add_argument("--no-sample", action="store_true", help="leave sample records out (also: SAMPLE=0)")
    shared.add_argument("--lang", metavar="LANG", help=f"{', '.join(LANGUAGES)} (default: the terminal's)")
    parser = _Parser(prog="python -m stations", description=__doc__.splitlines()[0], parents=[shared])
    known = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for name, command in commands(language).items():
        sub = known.add_parser(name, help=command.help, description=command.help, parents=[shared])
        for names, options in command.arguments:
            sub.add_argument(*names, **options)
    return parser


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run one command; the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(arguments, environment)
    options = _parser(language).parse_args(arguments)
    try:
        form = _choice("format", getattr(options, "format", "table"), FORMATS)
        _choice("lang", getattr(options, "lang", language.code), tuple(LANGUAGES))
        answer = _answer(commands(language)[options.command], options, environment, language)
    except NotReady as problem:
        return _fail(language.translate(problem.message, **problem.params), 1)
    except DomainError as problem:
        return _fail(language.translate(problem.message, **problem.params), 2)
    except OperationalError as problem:
        reason = str(problem.orig).splitlines()[0]
        return _fail(language.translate(N_("The database is out of reach: {reason}"), reason=reason), 1)
    if answer.note:
        print(answer.note, file=sys.stderr)
    print(_WRITERS[form](answer))
    return answer.exit_code


def _answer(
    command: Command, options: argparse.Namespace, environment: Mapping[str, str], language: Language
) -> Answer:
    settings, clock = read_settings(environment), read_clock(environment)
    now = clock.now()
    engine = open_engine(settings.database_url)
    try:
        if command.needs_database:
            check_ready(engine)
        return command.answer(
            Question(
                engine=engine,
                options=options,
                samples=settings.samples and not getattr(options, "no_sample", False),
                clock=clock.now,
                now=now,
                today=now.astimezone(CHINA_TIME).date(),
                language=language,
                map_review_number=settings.map_review_number,
            )
        )
    finally:
        engine.dispose()


_WRITERS: dict[str, Callable[[Answer], str]] = {
    "json": lambda answer: as_json(answer.data),
    "csv": lambda answer: as_csv(answer.headings, answer.rows),
    "table": lambda answer: as_table(answer.headings, answer.rows),
}


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language asked for, found before parsing so that parsing errors speak it too."""
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


def _choice(name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise InvalidInput(
            name, N_("--{name} is “{value}”; use one of: {known}"), name=name, value=value, known=", ".join(known)
        )
    return value


def _fail(message: str, code: int) -> int:
    print(f"python -m stations: {message}", file=sys.stderr)
    return code
