"""A question of the command line asked over HTTP: the same parameters, read by the same readers, the same answer.

The parameters of a route are those of its command: an argument that the path names stands there, every other one in
the query, an option under its name without dashes (``--as-of`` is ``as_of``).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Annotated, Any

import click
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from portal.api.answer_forms import Form, Sort, cached, form_of, kept, respond
from portal.api.inquiry import Asked, Inquiry
from portal.api.rate_limit import COSTS_MUCH
from portal.api.together import Together
from portal.api.v1.described import described_answer, examples_of, examples_of_path, schema_of
from portal.storage import domain_settings, engine
from stations import clock
from stations.commands.call import Call
from stations.commands.declaring import DeclaredCommand
from stations.commands.listing import COMMANDS
from stations.commands.parameter_types import Unreadable
from stations.commands.spoken import Terminal
from stations.errors import InvalidInput
from stations.language import N_
from stations.readers.dates import in_sight

LONGEST = 1000
"""Characters of a parameter."""
MOST_REPEATED = 50
_quick = Together()
_TOO_MANY = N_("“{text}” is not a whole number from {least} to {most}")


@dataclass(frozen=True)
class Question:
    """A question that everybody may ask.

    ``path``: below the interface's address. ``command``: which answers it. ``summary``: a msgid. ``tag``: its group.
    ``most``: the greatest value of a parameter. ``named``: other names of parameters, by their own.
    ``usual``: values of parameters that are left out, where they are other ones than the command's. ``costs_much``:
    whether it takes long; ``quick``: whether it takes a millisecond or so. ``code_of``: of an answer given page by
    page, by ``after`` and ``limit``, the code of a row.
    """

    path: str
    command: DeclaredCommand
    summary: str
    tag: str
    most: Mapping[str, int] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, Any] = field(default_factory=dict)
    costs_much: bool = False
    code_of: Callable[[Any], str] | None = None
    quick: bool = False

    @property
    def parameters(self) -> dict[str, click.Parameter]:
        """The parameters by their names over HTTP."""
        return {self.name_of(one): one for one in self.command.asked}

    def name_of(self, parameter: click.Parameter) -> str:
        """Return the name of a parameter in an address."""
        own = http_name(parameter)
        return self.named.get(own, own)

    @property
    def operation(self) -> str:
        """The name of the operation in the OpenAPI document, for good."""
        return "get" + "".join(word.capitalize() for word in self.command_name.split("-"))

    @property
    def command_name(self) -> str:
        """What is typed for the command."""
        return (self.command.name or "").removesuffix("_command").replace("_", "-")


def http_name(parameter: click.Parameter) -> str:
    """Return the name of an argument, or of an option without its dashes."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0].lstrip("-").replace("-", "_")
    return parameter.name or ""


def takes_several(parameter: click.Parameter) -> bool:
    """Whether a parameter may be repeated."""
    return isinstance(parameter, click.Option) and parameter.multiple


def read_parameters(question: Question, asked: Inquiry, written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the command's parameters from what is written, read by the command itself.

    ``written``: a text, or a list of them, by the command's name of the parameter.

    Raises:
        InvalidInput: one can't be read or is missing; it is named as in the address.
    """
    options: list[str] = []
    arguments: list[str] = []
    for parameter in question.parameters.values():
        said = written.get(parameter.name or "")
        for text in said if isinstance(said, list) else [] if said is None else [said]:
            if isinstance(parameter, click.Argument):
                arguments.append(text)
            else:
                options.append(f"{parameter.opts[0]}={text}")
    terminal = Terminal(asked.language, domain_settings(), clock.now)
    try:
        context = question.command.make_context(None, [*options, "--", *arguments], obj=terminal)
    except Unreadable as problem:
        name = question.name_of(problem.param) if problem.param else ""
        raise InvalidInput(name, problem.told, **problem.params) from None
    except click.MissingParameter as problem:
        name = question.name_of(problem.param) if problem.param else ""
        raise InvalidInput(name, N_("This is missing.")) from None
    values = {one.name or "": context.params[one.name or ""] for one in question.command.asked}
    for name, parameter in question.parameters.items():
        if isinstance(day := values[parameter.name or ""], date):
            in_sight(name, day, asked.today)
    for name, usual in question.usual.items():
        own = question.parameters[name].name or ""
        values[own] = usual if values[own] is None else values[own]
    for name, most in question.most.items():
        value = values[question.parameters[name].name or ""]
        if value is not None and value > most:
            raise InvalidInput(name, _TOO_MANY, text=value, least=1, most=most)
    return values


def add_question(router: APIRouter, question: Question) -> None:
    """Give a question its route."""

    def endpoint(request: Request, asked: Inquiry, form: str | None, sort: str | None, **written: Any) -> Response:
        chosen, values = form_of(request, form), read_parameters(question, asked, written)
        have = kept(request, asked, chosen)
        if have.same:
            return cached(Response(status_code=304), have.tag)
        call = Call(engine(), asked.samples, clock.now, asked.now, asked.language)
        output = question.command.answer(call, **values)
        response = cached(respond(output.presentation, output.answer, asked, chosen, sort), have.tag)
        if question.code_of and len(output.answer) == values["limit"]:
            following = request.url.include_query_params(after=question.code_of(output.answer[-1]))
            response.headers["Link"] = f'<{following}>; rel="next"'
        return response

    async def quick(**given: Any) -> Response:
        return await _quick.answer(partial(endpoint, **given))

    parameters = [_in_signature(question, name, one) for name, one in question.parameters.items()]
    parameters += [_keyword("request", Request), _keyword("asked", Asked)]
    parameters += [_keyword("form", Form, None), _keyword("sort", Sort, None)]
    route = quick if question.quick else endpoint
    route.__signature__ = inspect.Signature(parameters)  # type: ignore[union-attr]
    router.add_api_route(
        question.path,
        route,
        operation_id=question.operation,
        summary=question.summary,
        description=COMMANDS[question.command_name].help,
        tags=[question.tag],
        responses=described_answer(question.operation, paged=question.code_of is not None),
        response_model=None,
        dependencies=[COSTS_MUCH] if question.costs_much else [],
    )


def _keyword(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _in_signature(question: Question, name: str, parameter: click.Parameter) -> inspect.Parameter:
    """Return a parameter as FastAPI reads it from a signature: text, whose schema says what the reader takes."""
    within = parameter.name or ""
    schema = {"maxLength": LONGEST, **schema_of(parameter, most=question.most.get(name))}
    if name in question.usual:
        schema["default"] = question.usual[name]
    told: dict[str, Any] = {"alias": name, "description": getattr(parameter, "help", "") or ""}
    if takes_several(parameter):
        several = {"type": "array", "items": schema}
        repeated = Query(**told, max_length=MOST_REPEATED, json_schema_extra=several)
        return _keyword(within, Annotated[list[str] | None, repeated], None)
    told |= {"max_length": LONGEST, "json_schema_extra": schema, "openapi_examples": examples_of(name)}
    if f"{{{name}}}" in question.path:
        told["openapi_examples"] = examples_of_path(question.operation, question.path, name)
        return _keyword(within, Annotated[str, Path(**told)])
    if parameter.required:
        return _keyword(within, Annotated[str, Query(min_length=1, **told)])
    return _keyword(within, Annotated[str | None, Query(**told)], None)
