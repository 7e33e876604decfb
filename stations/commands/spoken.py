"""Click commands, options and arguments in the user's language: help is translated when it is shown.

``Context.obj`` of every context is the ``Terminal`` from which the command is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from click.shell_completion import CompletionItem
from wcwidth import wcswidth, wrap

from stations.clock import Clock
from stations.language import N_, Language, ListedAsWritten
from stations.settings import Settings

_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d*)?|-\.\d+")


@dataclass(frozen=True)
class Terminal:
    """The terminal from which commands are called: its language, the settings and the clock.

    ``set_to``: what the clock is set to by hand; None if it is the machine's.
    """

    language: Language
    settings: Settings
    clock: Clock
    set_to: datetime | None = None


class HelpPage(click.HelpFormatter):
    """Help in lines that fit the terminal, with Chinese characters counted as two columns."""

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        indent = " " * self.current_indent
        for line in wrap(text, max(self.width - self.current_indent, 20)):
            self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names with their descriptions beside them."""
        rows = list(rows)
        first = min(max((wcswidth(name) for name, _ in rows), default=0), col_max) + col_spacing
        indent, under = " " * self.current_indent, " " * (self.current_indent + first)
        for name, text in rows:
            lines = wrap(text, max(self.width - len(under), 20)) or [""]
            if wcswidth(name) > first - col_spacing:
                lines = ["", *lines]
            self.write(f"{indent}{name}{' ' * (first - wcswidth(name))}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{under}{line}\n")


class SpokenContext(click.Context):
    """A context with the ``HelpPage`` formatter."""

    formatter_class = HelpPage


def language_of(ctx: click.Context) -> Language:
    """Return the language of the terminal."""
    terminal: Terminal = ctx.obj
    return terminal.language


def spelling(parameter: click.Parameter) -> str:
    """Return a parameter as errors name it: ``--as-of`` or ``LON``."""
    return (
        parameter.opts[0] if isinstance(parameter, click.Option) else parameter.metavar or parameter.human_readable_name
    )


class SpokenOption(click.Option):
    """An option. ``help``: a msgid. ``told_default``: the default to show in its help."""

    def __init__(self, *names: str, told_default: str = "", **attributes: Any) -> None:
        super().__init__(names, **attributes)
        self.told_default = told_default

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return its spelling and its description."""
        spelling = " / ".join(filter(None, (", ".join(self.opts), ", ".join(self.secondary_opts))))
        takes = "" if self.is_flag else f" {self.make_metavar(ctx)}"
        return spelling + takes, " ".join(filter(None, (_meaning(self, self.help, ctx), *self._extras(ctx))))

    def _extras(self, ctx: click.Context) -> list[str]:
        say = language_of(ctx).translate
        return [
            say(N_("Can be repeated.")) if self.multiple else "",
            say(N_("Required.")) if self.required else "",
            say(N_("Default: {default}."), default=self.told_default) if self.told_default else "",
        ]


class SpokenArgument(click.Argument):
    """An argument. ``help``: a msgid."""

    def __init__(self, name: str, **attributes: Any) -> None:
        attributes.setdefault("metavar", name.upper().replace("_", "-"))
        super().__init__([name], **attributes)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return its name and its description."""
        return self.make_metavar(ctx), _meaning(self, self.help, ctx)


def _meaning(parameter: click.Parameter, told: str | None, ctx: click.Context) -> str:
    say = language_of(ctx).translate
    known = getattr(parameter.type, "words", ())
    words = say(N_("One of: {words}."), words=ListedAsWritten(known)) if known else ""
    return " ".join(filter(None, (say(told) if told else "", words)))


class SpokenCommand(click.Command):
    """A command. ``help``: a msgid."""

    context_class = SpokenContext
    allow_extra_args = True  # refused below, in the user's language

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; a negative number is a value here, never an option.

        Raises:
            click.UsageError: there are too many.
        """
        # Click takes a word with a leading dash for an option; readers strip the blank.
        words = [f" {word}" if _NEGATIVE_NUMBER.fullmatch(word) else word for word in args]
        rest = super().parse_args(ctx, words)
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            ctx.fail(language_of(ctx).translate(N_("“{words}” is too much; see --help"), words=" ".join(rest)))
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``."""
        if self._help_option is None:
            shown = super().get_help_option(ctx)
            self._help_option = shown and SpokenOption(
                *shown.opts,
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=shown.callback,
                help=N_("Show this help."),
            )
        return self._help_option

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the options with this beginning, each with its help."""
        say = language_of(ctx).translate
        return [
            CompletionItem(one.value, help=say(one.help) if one.help else None)
            for one in super().shell_complete(ctx, incomplete)
        ]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        usage = language_of(ctx).translate(N_("Usage:"))
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), f"{usage} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description of the command."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(language_of(ctx).translate(self.help) if self.help else "")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments."""
        self._format(ctx, formatter, N_("Arguments"), click.Argument)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        self._format(ctx, formatter, N_("Options"), click.Option)

    def _format(
        self, ctx: click.Context, formatter: click.HelpFormatter, title: str, kind: type[click.Parameter]
    ) -> None:
        rows = [one.get_help_record(ctx) for one in self.get_params(ctx) if isinstance(one, kind)]
        if rows:
            with formatter.section(language_of(ctx).translate(title)):
                formatter.write_dl([row for row in rows if row])
