"""Exporting registers as lists that can be changed and imported again."""

from __future__ import annotations

from stations.answers.register_lists import register_list
from stations.answers.station_list import STATION_LIST
from stations.answers.word_mapping import WORD_MAPPING
from stations.commands.acting import acting, office_named
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.parameter_types import OneOf
from stations.errors import InvalidInput
from stations.imports.mapping_file import mapping_rows
from stations.imports.remembered_words import office_of, remembered_words
from stations.imports.station_list import list_registered
from stations.imports.station_words import STATION_WORDS
from stations.language import N_
from stations.lists.applying import list_register
from stations.lists.registers import REGISTERS
from stations.registry.record_kind import RecordKind
from stations.registry.record_terms import Terms

STATIONS = f"{RecordKind.STATION}s"
WORDS = "words"


@command(
    argument(
        "kind",
        type=OneOf((STATIONS, *REGISTERS, WORDS)),
        metavar="WHAT",
        help=N_("Which register; or the words that an office remembers, as a mapping file."),
    ),
    option("--area", default="", metavar="AREA", help=N_("Of words: whose office, by default that of the account.")),
    option(
        "--list",
        "of_list",
        type=OneOf((STATIONS, *REGISTERS)),
        metavar="LIST",
        help=N_("Of words: of which lists; those of stations by default."),
    ),
    option("--by", default="", metavar="USERNAME", help=N_("The account that acts; none by default.")),
)
def export_command(call: Call, kind: str, area: str, of_list: str | None, by: str) -> Output:
    """Return a register as a list that can be changed and imported again, or the words that an office remembers."""
    with call.reading() as session:
        if kind == WORDS:
            actor, terms = acting(session, call, by), Terms.load(session)
            vocabulary = REGISTERS[of_list].vocabulary if of_list and of_list != STATIONS else STATION_WORDS
            office = office_named(terms, "area", area) if area else office_of(actor, vocabulary.action)
            words = [one.word for one in remembered_words(session, actor, office, vocabulary, terms) if one.holds]
            return Output(WORD_MAPPING, mapping_rows(words, vocabulary, terms))
        for option_name, given in (("area", area), ("list", of_list)):
            if given:
                message = N_("--{option} says nothing about {kind}; leave it out")
                raise InvalidInput(option_name, message, option=option_name, kind=kind)
        if kind in REGISTERS:
            register = REGISTERS[kind]
            rows = list_register(session, acting(session, call, by), register, now=call.now)
            return Output(register_list(register), rows)
        return Output(STATION_LIST, list_registered(session, acting(session, call, by), call.today))
