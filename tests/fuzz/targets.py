"""All that is fuzzed."""

from __future__ import annotations

from tests.fuzz.commands import COMMAND_LINES
from tests.fuzz.filters import FILTER_TEXTS
from tests.fuzz.lists import LISTS
from tests.fuzz.pages import PAGES
from tests.fuzz.planning_data import PLANNING
from tests.fuzz.programs import PROGRAMS
from tests.fuzz.readers import READERS
from tests.fuzz.web import WEB

TARGETS = [*READERS, *LISTS, *PLANNING, *FILTER_TEXTS, *WEB, *PROGRAMS, *PAGES, *COMMAND_LINES]
