"""The registers whose lists are imported and exported, by the name that commands and pages use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from stations.lists.accounts import ACCOUNTS
from stations.lists.centres import CENTRES
from stations.lists.institutions import INSTITUTIONS
from stations.lists.pilots import PILOTS
from stations.lists.register import Register

REGISTERS: Mapping[str, Register[Any]] = MappingProxyType(
    {one.name: one for one in (CENTRES, PILOTS, INSTITUTIONS, ACCOUNTS)}
)
