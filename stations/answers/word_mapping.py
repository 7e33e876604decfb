"""The words that an office remembers, as the mapping file that the import reads."""

from __future__ import annotations

from operator import attrgetter

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.imports.mapping_file import MappingRow
from stations.language import Bilingual

_COLUMNS: Columns[MappingRow] = Columns(
    Column("kind", attrgetter("kind"), Bilingual("种类", "Kind")),
    Column("written", attrgetter("written"), Bilingual("名单用语", "Written")),
    Column("means", attrgetter("means"), Bilingual("对应", "Means")),
)
WORD_MAPPING_COLUMNS = _COLUMNS.take("kind", "written", "means")

WORD_MAPPING = listing(_COLUMNS, "kind", "written", "means")
"""What each word means; ``import stations --mapping`` reads a file of it."""
