"""The hash chain, independent of its contents: a correct one passes, any change of it is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.audit.chain import START, Fault, Head, StoredEntry, canonical, check_chain, digest
from stations.errors import InvalidInput

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
contents = st.lists(
    st.tuples(texts, texts, texts, texts, texts, st.dictionaries(texts, texts | st.integers()).map(canonical)),
    min_size=1,
    max_size=6,
)


def chain_of(written: list[tuple[str, ...]]) -> tuple[list[StoredEntry], Head]:
    entries, previous = [], START
    for position, texts_of_entry in enumerate(written, start=1):
        content = (position, *texts_of_entry)
        own = digest(previous, content)
        entries.append(StoredEntry(content, previous, own))
        previous = own
    return entries, Head(len(entries), previous)


@given(contents)
def test_an_honest_chain_is_whole(written: list[tuple[str, ...]]) -> None:
    entries, head = chain_of(written)
    verdict = check_chain(entries, head, head)
    assert (verdict.fault, verdict.checked, verdict.head) == (None, len(written), head)


@given(contents, st.data())
def test_any_single_byte_changed_is_found_at_its_entry(written: list[tuple[str, ...]], data: st.DataObject) -> None:
    entries, head = chain_of(written)
    index = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[index]
    fields = [*entry.content[1:], entry.previous_hash, entry.hash]
    which = data.draw(st.sampled_from([number for number, text in enumerate(fields) if text]))
    spoiled = bytearray(fields[which].encode())
    place = data.draw(st.integers(0, len(spoiled) - 1))
    spoiled[place] ^= data.draw(st.integers(1, 255))
    fields[which] = spoiled.decode("utf-8", "backslashreplace")
    *content, previous_hash, own = fields
    entries[index] = StoredEntry((entry.content[0], *content), previous_hash, own)
    verdict = check_chain(entries, head)
    assert (verdict.fault, verdict.position) == (Fault.ALTERED, index + 1)


@given(contents, st.data())
def test_removing_inserting_and_reordering_are_found(written: list[tuple[str, ...]], data: st.DataObject) -> None:
    entries, head = chain_of(written)
    index = data.draw(st.integers(0, len(entries) - 1))
    way = data.draw(st.sampled_from(["remove", "double", "forge", "swap"]))
    changed = list(entries)
    if way == "remove":
        del changed[index]
    elif way == "double":
        changed.insert(index, entries[index])
    elif way == "forge":  # a well-formed entry, inserted by renumbering those after it
        after = entries[index]
        content = (after.content[0], "x", *after.content[2:])
        changed.insert(index, StoredEntry(content, after.previous_hash, digest(after.previous_hash, content)))
        changed[index + 1 :] = [
            replace(entry, content=(entry.content[0] + 1, *entry.content[1:])) for entry in changed[index + 1 :]
        ]
    else:
        other = data.draw(st.integers(0, len(entries) - 1))
        if other == index:
            return
        changed[index], changed[other] = changed[other], changed[index]
    verdict = check_chain(changed, head)
    assert verdict.fault is not None
    assert verdict.position is not None and verdict.position <= len(entries) + 1


@given(contents, st.data())
def test_what_a_kept_head_names_must_still_be_there(written: list[tuple[str, ...]], data: st.DataObject) -> None:
    entries, head = chain_of(written)
    length = data.draw(st.integers(0, len(entries) - 1))
    shorter, shorter_head = chain_of(written[:length])
    assert check_chain(shorter, shorter_head).fault is None
    verdict = check_chain(shorter, shorter_head, head)
    assert (verdict.fault, verdict.position) == (Fault.CUT_OFF, length + 1)
    assert check_chain(entries, head, shorter_head).fault is None


def test_a_head_is_read_as_it_is_written() -> None:
    head = Head(12, "ab" * 32)
    assert Head.read(f" {head}\n") == head


@pytest.mark.parametrize("text", ["", "12", "x:" + "a" * 64, "1:" + "A" * 64, "1:" + "a" * 63, "-1:" + "a" * 64])
def test_what_is_no_head_is_told(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Head.read(text)
    assert refused.value.field == "head"


@given(contents, st.data())
def test_from_a_proven_head_on_only_what_came_since_is_looked_at(written: list[tuple[str, ...]], data) -> None:
    entries, head = chain_of(written)
    proven = data.draw(st.integers(1, len(entries)))
    since = Head(proven, entries[proven - 1].hash)
    verdict = check_chain(entries[proven - 1 :], head, since=since)
    assert (verdict.fault, verdict.checked, verdict.head) == (None, len(entries) - proven + 1, head)
    # The entry named by the head is replaced by another one, however well-formed.
    other = entries[proven - 1]
    content = (other.content[0], "another", *other.content[2:])
    forged = StoredEntry(content, other.previous_hash, digest(other.previous_hash, content))
    if forged.hash != other.hash:
        assert check_chain([forged, *entries[proven:]], head, since=since).fault is Fault.REWRITTEN
    assert check_chain([], Head(0, START), since=since).fault is Fault.CUT_OFF
    for index in range(proven - 1, len(entries)):
        spoiled = [*entries[:index], replace(entries[index], hash="0" * 63 + "1"), *entries[index + 1 :]]
        found = check_chain(spoiled[proven - 1 :], head, since=since)
        assert (found.fault, found.position) == (Fault.ALTERED, index + 1)
