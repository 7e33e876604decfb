"""What can be taught of the words in lists of stations."""

from __future__ import annotations

from stations.duty.roles import Action
from stations.imports.columns import COLUMNS
from stations.imports.status_words import PLAIN_STATUS
from stations.imports.vocabulary import AREAS, CHAINS, SERVICES, Vocabulary, choice_of
from stations.imports.word_mapping import WordKind
from stations.registry.record_kind import RecordKind

STATION_WORDS = Vocabulary(
    f"{RecordKind.STATION}s",
    Action.IMPORT_STATIONS,
    COLUMNS,
    {WordKind.SERVICE: SERVICES, WordKind.CHAIN: CHAINS, WordKind.AREA: AREAS},
    (
        choice_of(
            WordKind.STATUS, "status", ("状态", "运行状态", "status"), PLAIN_STATUS, lambda told: told.status
        ),
    ),
    with_ticks=True,
)
