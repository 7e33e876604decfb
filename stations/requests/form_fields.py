"""The checks of what a firm writes into the fields of a request, on filing and on correcting it later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stations.entered_text import read_text, says_nothing
from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.readers.email_address import read_email_address
from stations.readers.telephone import read_telephone
from stations.requests.notice_way import read_notice_way
from stations.requests.request_form import RequestForm

QUANTITY_LIMIT = 60
REMARKS_LIMIT = 1000
EMAIL_LIMIT = 160
PHONE_LIMIT = 40


def _read_phone(field: str, value: str) -> str:
    phone = read_telephone(field, value, line_needed=False, limit=PHONE_LIMIT)  # the county gives the area code
    return phone.written if phone else read_text(field, "", limit=PHONE_LIMIT)


def _read_email(field: str, value: str) -> str | None:
    return read_email_address(field, value, limit=EMAIL_LIMIT).address if not says_nothing(value) else None


def _of_length(limit: int, *, required: bool = True) -> Callable[[str, str], str]:
    return partial(read_text, limit=limit, required=required)


Check = Callable[[str, str], str | None]
"""Takes the name of a field and what was typed; returns it as stored, or raises ``InvalidInput``."""

CONTACT_CHECKS: dict[str, Check] = {"contact_name": _of_length(80), "phone": _read_phone, "email": _read_email}

TEXT_CHECKS: dict[str, Check] = {
    "firm_name": _of_length(120),
    **CONTACT_CHECKS,
    "product": _of_length(200),
    "description": _of_length(4000, required=False),
}


def read_notes(form: RequestForm, code: str) -> dict[str, str]:
    """Return the firm's notes on one service, as the columns of its item.

    Raises:
        InvalidInput: one is too long (field ``quantity.CODE`` or ``remarks.CODE``).
    """
    limits = (("quantity", form.quantities, QUANTITY_LIMIT), ("remarks", form.remarks, REMARKS_LIMIT))
    return {
        name: read_text(f"{name}.{code}", typed.get(code, ""), limit=limit, required=False)
        for name, typed, limit in limits
    }


def read_way_of(form: RequestForm) -> tuple[Channel | None, str | None]:
    """Return where a form wants notices: at its own address for them, else at the firm's telephone or e-mail address.

    Raises:
        InvalidInput: as ``read_notice_way``; the field is ``email`` where that is to be used and empty.
    """
    channel = next((one for one in CHANNELS if one.code == form.notice_channel), None)
    if channel is None or not channel.contact or form.notice_address.strip():
        return read_notice_way(form.notice_channel, form.notice_address)
    if not getattr(form, channel.contact).strip():
        raise InvalidInput(channel.contact, N_("Notices are to go here; please fill it in"))
    return read_notice_way(channel.code, getattr(form, channel.contact))
