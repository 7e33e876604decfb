"""What a request needs beyond the standard's own fields: the attributes of each service, and reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service
from stations.errors import InvalidInput
from stations.language import N_, Language, ListedAsWritten
from stations.notices.channel import Channel
from stations.requests.consent import current_consent

YES, NO = "true", "false"


@dataclass(frozen=True)
class Attribute:
    """An attribute. ``code``: its name, a field of the form of a request. ``label``: a msgid. ``values``: those to
    choose from, by key, in words; ``help``: what is said of it.
    """

    code: str
    datatype: str
    required: bool
    label: str
    help: str = ""
    values: Mapping[str, str] | None = None

    def as_data(self, order: int, language: Language) -> dict[str, Any]:
        """Return it in the standard's shape."""
        told: dict[str, Any] = {
            "variable": True,
            "code": self.code,
            "datatype": self.datatype,
            "required": self.required,
            "datatype_description": language.translate(self.help) if self.help else None,
            "order": order,
            "description": language.translate(self.label),
        }
        if self.values is not None:
            told["values"] = [{"key": key, "name": name} for key, name in self.values.items()]
        return told

    def read(self, written: str) -> str:
        """Return the value that was written; "" for none.

        Raises:
            InvalidInput: it is missing, or none of those to choose from.
        """
        field = f"attribute[{self.code}]"
        value = written.strip()
        if not value and self.required:
            raise InvalidInput(field, N_("This is empty; please fill it in"))
        if value and self.values is not None and value not in self.values:
            raise InvalidInput(
                field,
                N_("“{value}” is not known; use one of: {known}"),
                value=value,
                known=ListedAsWritten(self.values),
            )
        return value


def attributes_of(
    service: Service, chains: Sequence[IndustrialChain], channels: Mapping[str, Channel], language: Language
) -> list[Attribute]:
    """Return the attributes of a service. ``channels``: those by which notices can be sent, by code."""
    say, text = language.translate, current_consent()
    yes_or_no = {YES: say(N_("yes")), NO: say(N_("no"))}
    bring = language.pick(service.bring_zh, service.bring_en)
    return [
        Attribute("firm_name", "string", True, N_("Name of the firm")),
        Attribute("credit_code", "string", True, N_("Unified social credit code"), LENGTH),
        Attribute("credit_code_as_printed", "singlevaluelist", False, PRINTED, values=yes_or_no),
        Attribute("product", "string", True, N_("Product or instrument concerned"), bring),
        Attribute("quantity", "string", False, N_("Quantity")),
        Attribute("remarks", "text", False, N_("Remarks")),
        Attribute("wanted_on", "datetime", False, N_("Wanted by")),
        Attribute("on_site", "singlevaluelist", False, N_("On site: please come to us"), values=yes_or_no),
        Attribute("station_code", "string", False, N_("Station"), N_("Without it the portal chooses by its rules")),
        Attribute(
            "chain_code",
            "singlevaluelist",
            False,
            N_("Industrial chain"),
            values={chain.code: language.pick(chain.name_zh, chain.name_en) for chain in chains},
        ),
        Attribute("despite_duplicate", "singlevaluelist", False, ANOTHER, values=yes_or_no),
        *_notices(channels, language),
        Attribute(
            "consent",
            "singlevaluelist",
            True,
            N_("Consent"),
            values={text.version: language.pick(text.text_zh, text.text_en)},
        ),
    ]


LENGTH = N_("18 characters, on the business licence")
PRINTED = N_("The code is printed so on the business licence")
ANOTHER = N_("This is another matter: file it as well")


def _notices(channels: Mapping[str, Channel], language: Language) -> list[Attribute]:
    if not channels:
        return []
    names = {code: language.translate(channel.label) for code, channel in channels.items()}
    return [
        Attribute("notice_channel", "singlevaluelist", False, N_("How shall we tell you of each step?"), values=names),
        Attribute("notice_address", "string", False, N_("Notices")),
    ]
