"""All that is fuzzed."""

from __future__ import annotations

from tests.fuzz.commands import COMMAND_LINES
from tests.fuzz.lists import LISTS
from tests.fuzz.pages import PAGES
from tests.fuzz.readers import READERS
from tests.fuzz.web import WEB

TARGETS = [*READERS, *LISTS, *WEB, *PAGES, *COMMAND_LINES]
