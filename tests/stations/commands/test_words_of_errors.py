"""What the command line says of files that can't be read, of distances, and of chains by name."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.catalogue.chain import chain_called, list_chains
from stations.commands.parameter_types import KILOMETRES, Unreadable
from stations.database import reading
from stations.errors import NotFound
from stations.language import Language
from stations.system_reasons import reason_of

CHINESE = Language("zh_CN")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOENT, "不存在"), (errno.EISDIR, "文件夹"), (errno.EACCES, "权限")]
)
def test_the_systems_reasons_are_translated(number: int, words: str) -> None:
    told = CHINESE.translate("{reason}", reason=reason_of(OSError(number, "English words")))
    assert words in told and "English" not in told


def test_an_unknown_reason_is_told_as_the_system_says_it(tmp_path: Path) -> None:
    assert reason_of(OSError(99999, "odd")) == "odd"


@pytest.mark.parametrize("text", ["-5", "-0.1", "far"])
def test_a_distance_is_never_negative(text: str) -> None:
    with pytest.raises(Unreadable):
        KILOMETRES.convert(text, None, None)


@pytest.mark.one_database
def test_a_chain_is_found_by_code_or_name(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        chain = list_chains(session)[0]
        for text in (chain.code, chain.name_zh, chain.name_en.upper()):
            assert chain_called(session, text).code == chain.code
        with pytest.raises(NotFound, match="chains"):
            chain_called(session, "不存在的链")
