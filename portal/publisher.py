"""Who publishes this portal, and how they are reached: what the foot of a public service names.

Nothing is shown that is not set; who operates the portal is told what is missing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from stations.errors import InvalidInput
from stations.language import N_
from stations.readers.email_address import read_email_address
from stations.readers.telephone import read_telephone
from stations.settings import read_value

_ICP = re.compile(r"[\u4e00-\u9fff]ICP[备证]\d{6,10}号(-\d{1,3})?")
_POLICE = re.compile(r"[\u4e00-\u9fff]公网安备\s?(?P<digits>\d{14})号?")
_NUMBERS = {
    "ICP_NUMBER": (
        _ICP,
        "京ICP备12345678号-1",
        N_("ICP_NUMBER is “{value}”; write it as the register has it, such as {example}"),
    ),
    "POLICE_NUMBER": (
        _POLICE,
        "京公网安备 11010102001234号",
        N_("POLICE_NUMBER is “{value}”; write it as the register has it, such as {example}"),
    ),
}
"""The form of each number in its register, an example, and what is said of another."""
ICP_REGISTER = "https://beian.miit.gov.cn/"
"""Where the record of a site must link to (互联网信息服务 备案管理办法)."""
_POLICE_REGISTER = "https://beian.mps.gov.cn/#/query/webSearch?code="


@dataclass(frozen=True)
class Publisher:
    """The publisher (主办单位) by its Chinese and English name, and the marks of a public site in China.

    ``icp``: its ICP 备案号; ``police``: its 公安备案号; ``hotline``: a telephone number as people know it; ``email``,
    ``address``: of who answers for the site. All "" where not set.
    """

    name: str = ""
    name_en: str = ""
    icp: str = ""
    police: str = ""
    hotline: str = ""
    email: str = ""
    address: str = ""

    @property
    def police_register(self) -> str:
        """The address of its record at the police, to which the number must link."""
        found = _POLICE.fullmatch(self.police)
        return _POLICE_REGISTER + quote(found["digits"]) if found else ""


def read_publisher(environment: Mapping[str, str] = os.environ) -> Publisher:
    """Read ``PUBLISHER``, ``PUBLISHER_EN``, ``ICP_NUMBER``, ``POLICE_NUMBER``, ``HOTLINE``, ``CONTACT_EMAIL`` and
    ``CONTACT_ADDRESS``.

    Raises:
        InvalidInput: a value can't be used; the error names the variable and what to write.
    """
    icp, police = (_read_number(environment, name) for name in _NUMBERS)
    hotline, email = read_value(environment, "HOTLINE"), read_value(environment, "CONTACT_EMAIL")
    phone = read_telephone("HOTLINE", hotline, line_needed=False) if hotline else None
    return Publisher(
        name=read_value(environment, "PUBLISHER"),
        name_en=read_value(environment, "PUBLISHER_EN"),
        icp=icp,
        police=police,
        hotline=phone.written if phone else "",
        email=read_email_address("CONTACT_EMAIL", email).address if email else "",
        address=read_value(environment, "CONTACT_ADDRESS"),
    )


def _read_number(environment: Mapping[str, str], name: str) -> str:
    form, example, problem = _NUMBERS[name]
    written = read_value(environment, name)
    if written and not form.fullmatch(written):
        raise InvalidInput(name, problem, value=written, example=example)
    return written


def not_set(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the settings of the publisher that are not set, but for the name in English, which may stay Chinese."""
    names = ("PUBLISHER", "ICP_NUMBER", "POLICE_NUMBER", "HOTLINE", "CONTACT_EMAIL", "CONTACT_ADDRESS")
    return [name for name in names if not read_value(environment, name)]


@cache
def publisher() -> Publisher:
    """Return the publisher of this installation."""
    return read_publisher()
