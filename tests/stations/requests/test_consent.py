from __future__ import annotations

import hashlib

import pytest

from stations.requests.consent import Purpose, consent_texts, current_consent, get_consent

# A text that somebody agreed to never changes: a new text is a new version, with its own line here.
DIGESTS = {
    "request 1": "43c7753da884d26823428db39ee47f5fa5d262e05f51aff2725c836011a8dcc6",
    "request 2": "f4a93ac77576071b6b220f813f24eca99b72c6502bb6a6d17faeeebabfef20bd",
    "ledger 1": "75ab7cd2b075afe389b2ea996944bd817fc52b99dbc6fce46bfa65caf406ef95",
    "subscription 1": "9cbad220b6a7d4dfa2276315774f6d500a4c8c77be362eb67386257dc0eaaef9",
    "subscription 2": "a1556f6245007fc9fa669952359ad06bbd54d596ab4a7560b8583e98c00d3fcb",
}


def test_a_text_once_asked_stays_as_it_was() -> None:
    told = {
        f"{purpose} {text.version}": hashlib.sha256(f"{text.text_zh}\n{text.text_en}".encode()).hexdigest()
        for purpose in Purpose
        for text in consent_texts(purpose)
    }
    assert told == DIGESTS


def test_the_last_version_is_asked_and_every_one_can_be_shown() -> None:
    assert current_consent() is consent_texts()[-1]
    for text in consent_texts():
        assert get_consent(text.version) is text and text.text_zh and text.text_en
    with pytest.raises(KeyError):
        get_consent("0")
