"""Declaring a command: its parameters and its function, which is called with the parsed values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click
from sqlalchemy import Engine, event

from stations.answers.presentation import FORMATS, note_of, render, render_json
from stations.commands.call import Call, Output
from stations.commands.parameter_types import DAY, FILE, OneOf
from stations.commands.spoken import SpokenArgument, SpokenCommand, SpokenOption, Terminal
from stations.database import open_engine
from stations.errors import InvalidInput
from stations.language import LANGUAGES, N_, Language

option, argument = SpokenOption, SpokenArgument

AS_OF = option("--as-of", type=DAY, metavar="DATE", help=N_("The day asked about; today where it is left out."))
BY = option("--by", required=True, metavar="USERNAME", help=N_("The account that acts."))
OUT = option("--out", type=FILE, required=True, metavar="FILE", help=N_("The file to write."))


def shared_options() -> list[click.Parameter]:
    """Return the options allowed before or after any command."""
    return [
        option("--format", type=OneOf(FORMATS), metavar="FORMAT", help=N_("How the answer is put out: table.")),
        option("--sort", metavar="COLUMN", help=N_("The column that the rows of a table are ordered by.")),
        option("--no-sample", is_flag=True, help=N_("Leave sample records out (also: SAMPLE=0).")),
        option("--lang", type=OneOf(LANGUAGES), metavar="LANG", help=N_("The language; the terminal's by default.")),
    ]


def shared(ctx: click.Context, name: str) -> Any:
    """Return the value of a shared option, given after the command or before it."""
    return ctx.params.get(name) or ctx.find_root().params.get(name)


Body = Callable[..., Output]


class DeclaredCommand(SpokenCommand):
    """A command whose function and parameters are also known apart from the terminal.

    ``answer``: takes a ``Call`` and the values of ``asked`` by name. ``asked``: its own parameters, without those that
    every command has. ``portal/api`` asks the same over HTTP.
    """

    def __init__(self, answer: Body, asked: Sequence[click.Parameter], **attributes: Any) -> None:
        super().__init__(params=[*asked, *shared_options()], **attributes)
        self.answer = answer
        self.asked = tuple(asked)


def command(*parameters: click.Parameter, needs_database: bool = True) -> Callable[[Body], DeclaredCommand]:
    """Return a decorator that makes a function a command with ``parameters``.

    The function takes a ``Call`` and the parameters by name. Its answer is rendered in the requested format; the
    command returns the exit code. ``needs_database``: whether the database must be set up for this version.
    """

    def declare(answer: Body) -> DeclaredCommand:
        names = [parameter.name for parameter in parameters]

        def run(**values: Any) -> int:
            ctx = click.get_current_context()
            terminal: Terminal = ctx.obj
            engine = open_engine(terminal.settings.database_url)
            written: list[bool] = []
            event.listen(engine, "commit", lambda _connection: written.append(True))
            try:
                if needs_database:
                    _check_ready(engine)
                call = Call(
                    database=engine,
                    samples=terminal.settings.samples and not shared(ctx, "no_sample"),
                    clock=terminal.clock,
                    now=terminal.clock(),
                    language=terminal.language,
                    map_review_number=terminal.settings.map_review_number,
                    clock_set_to=terminal.set_to,
                )
                output = answer(call, **{name: values[name] for name in names})
            finally:
                engine.dispose()
            form, sort = shared(ctx, "format") or FORMATS[0], shared(ctx, "sort") or ""
            return _put_out(output, terminal.language, form, sort, done=bool(written))

        return DeclaredCommand(answer, parameters, name=answer.__name__, callback=run)

    return declare


def _put_out(output: Output, language: Language, form: str, sort: str, *, done: bool) -> int:
    """Write the answer to standard output and its notes to standard error; return the exit code.

    ``done``: the command has changed something. Then no wrong option of the table makes it a refused one.

    Raises:
        InvalidInput: there is no column ``sort``, and nothing was changed.
    """
    streamed = form == "json"
    written: str | bytes = ""
    if not streamed:
        try:
            written = render(output.presentation, output.answer, language, form, sort)
        except InvalidInput as problem:
            if not done:
                raise
            told = language.translate(problem.message, **problem.params)
            remark = N_("It is done; only the table is not in the order asked for: {problem}")
            print(language.translate(remark, problem=told), file=sys.stderr)
            written = render(output.presentation, output.answer, language, form)
    if note := note_of(output.presentation, output.answer, language):
        print(note, file=sys.stderr)
    if streamed:
        sys.stdout.writelines(render_json(output.presentation, output.answer, language))
        print()
    elif isinstance(written, bytes):
        sys.stdout.buffer.write(written)
    else:
        print(written)
    return output.exit_code


def _check_ready(engine: Engine) -> None:
    from stations.loading.schema_revision import check_ready

    check_ready(engine)
