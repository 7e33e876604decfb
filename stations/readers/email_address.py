"""Reading an e-mail address: ``name@example.com``, ``<name@example.com>``, ``王小明 <name@example.com>``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput
from stations.language import N_

ADDRESS_LIMIT = 500
# Neither side may contain what separates or encloses addresses in a mail header (RFC 5322).
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_ENCLOSED = re.compile(r"(?:(?P<name>[^<>@,;:]*?)\s*)<\s*(?P<address>[^<>]+?)\s*>")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address. ``address``: ``name@example.com``. ``name``: the text before an address in angle brackets."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def read_email_address(
    field: str, text: str, *, limit: int = ADDRESS_LIMIT, local_host: bool = False
) -> EmailAddress:
    """Return the single address in ``text``.

    ``limit``: the longest text. ``local_host``: whether the host may lack a dot, as on a closed network.

    Raises:
        InvalidInput: ``text`` is empty, too long, not an address, or contains several.
    """
    plain = read_text(field, narrow(text), limit=limit)
    enclosed = _ENCLOSED.fullmatch(plain)
    address = enclosed["address"] if enclosed else plain
    host = address.rpartition("@")[2]
    dotted = local_host or all(host.split(".")) and "." in host
    if not _ADDRESS.fullmatch(address) or not plain.isprintable() or not dotted:
        raise InvalidInput(
            field, N_("“{value}” is not an e-mail address; write it as name@example.com"), value=text.strip()
        )
    return EmailAddress(address, enclosed["name"].strip("\"' ") if enclosed else "")
