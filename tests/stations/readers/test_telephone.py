from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import reading
from stations.errors import InvalidInput
from stations.readers.telephone import line_of, read_mobile, read_telephone, telephones_in
from stations.registry.station import Station


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("025-8888 0000", "(025) 88880000"),
        ("０２５－８８８８００００", "+86 25 8888 0000"),
        ("025-88880000转801", "025-88880000-802"),
        ("400-800-1234", "4008001234"),
        ("2588880000", "025-88880000"),
        ("12315", "12315"),
    ],
)
def test_two_spellings_of_one_line_are_the_same(one: str, other: str) -> None:
    assert line_of(one) == line_of(other) is not None
    assert read_telephone("phone", one).line == read_telephone("phone", other).line


@pytest.mark.parametrize("none", ["", None, "123", "电话", "8888", "025-1", "5550 0001"])
def test_what_is_no_number_is_the_same_as_nothing(none: str | None) -> None:
    assert line_of(none) is None


@pytest.mark.parametrize(
    ("text", "written", "dialled", "remark"),
    [
        ("0512-55550001、13800000000", "0512-55550001、13800000000", "tel:+8651255550001", ""),
        ("0512-55550001/55550002", "0512-55550001、0512-55550002", "tel:+8651255550001", ""),
        ("0512—55550001、55550002、55550003", "0512-55550001、0512-55550002、0512-55550003", "tel:+8651255550001", ""),
        ("0512-55550001/02", "0512-55550001、0512-55550002", "tel:+8651255550001", ""),
        ("0512-55550001；025-84000000", "0512-55550001、025-84000000", "tel:+8651255550001", ""),
        ("0512-55550001 13800000000", "0512-55550001、13800000000", "tel:+8651255550001", ""),
        ("(0512)55550001\n(0512)55550002", "(0512)55550001、(0512)55550002", "tel:+8651255550001", ""),
        ("025-84530001转8001、8002", "025-84530001转8001、8002", "tel:+862584530001;ext=8001", ""),
        ("025-84530001(8001)", "025-84530001转8001", "tel:+862584530001;ext=8001", ""),
        ("025-84530001-8001", "025-84530001转8001", "tel:+862584530001;ext=8001", ""),
        ("4008001234", "4008001234", "tel:+864008001234", ""),
        ("0514-87812345~7", "0514-87812345、0514-87812346、0514-87812347", "tel:+8651487812345", ""),
        ("0513-88812345 88812346", "0513-88812345、0513-88812346", "tel:+8651388812345", ""),
        ("0510.86612345", "0510-86612345", "tel:+8651086612345", ""),
        ("0510-86612345*801", "0510-86612345转801", "tel:+8651086612345;ext=801", ""),
        ("0510-86612345，转8001", "0510-86612345转8001", "tel:+8651086612345;ext=8001", ""),
        ("0510-86612345（白天）13912345678（晚上）", "0510-86612345、13912345678", "tel:+8651086612345", "白天 晚上"),
        ("0516-86234567（传真 0516-86234568）", "0516-86234567", "tel:+8651686234567", "传真 0516-86234568"),
        ("8008201234", "8008201234", "tel:+868008201234", ""),
        ("4008001234 8008201234", "4008001234、8008201234", "tel:+864008001234", ""),
        ("400 860 8608 转 2", "400 860 8608转2", "tel:+864008608608;ext=2", ""),
        ("4000-860-860", "4000-860-860", "tel:+864000860860", ""),
        ("12315、12345", "12315、12345", "tel:12315", ""),
        ("025-96888", "025-96888", "tel:+862596888", ""),
        ("+86（25）84530001", "+86(25)84530001", "tel:+862584530001", ""),
        ("电话：025-84530001", "025-84530001", "tel:+862584530001", ""),
        ("TEL:0512-55550001", "0512-55550001", "tel:+8651255550001", ""),
        ("025-84530001（值班）", "025-84530001", "tel:+862584530001", "值班"),
        ("13800000000（微信同号）", "13800000000", "tel:+8613800000000", "微信同号"),
        ("025-84530001 王先生", "025-84530001", "tel:+862584530001", "王先生"),
        ("王先生 13800000000 李女士 13800000001", "13800000000、13800000001", "tel:+8613800000000", "王先生 李女士"),
        ("025-84530001 传真025-84530002", "025-84530001", "tel:+862584530001", "传真 025-84530002"),
        ("025-84530001（24小时）", "025-84530001", "tel:+862584530001", "24小时"),
        ("0512-5555 0001，", "0512-5555 0001", "tel:+8651255550001", ""),
        ("2584530001.0", "02584530001", "tel:+862584530001", ""),
        ("5.1255550007E10", "051255550007", "tel:+8651255550007", ""),
    ],
)
def test_several_numbers_extensions_and_remarks_are_parted(text: str, written: str, dialled: str, remark: str) -> None:
    read = read_telephone("phone", text)
    assert (read.written, read.dialled, read.remark) == (written, dialled, remark)
    assert read_telephone("phone", written).written == written
    assert [one.alone for one in telephones_in(written)] == [one.alone for one in (read, *read.others)]
    assert line_of(written) == read.line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("025-12345", "has 5 digits after the area code 025; 8 are needed"),
        ("0512-5555001", "has 7 digits after the area code 0512; 8 are needed"),
        ("025-845300011", "has 9 digits after the area code 025; 8 are needed"),
        ("1380000000", "has 10 digits; 11 are needed"),
        ("138000000000", "has 12 digits; 11 are needed"),
        ("400-860-860", "has 9 digits; 10 are needed"),
        ("O512-55550001", "if 0512-55550001 is meant"),
        ("l380000000O", "if 13800000000 is meant"),
        ("1.38E+10", "has lost digits"),
        ("0512-55550001、1380000000", "has 10 digits; 11 are needed"),
        ("传真：025-84530001", "is not a telephone number"),
        ("025-84530001（周一9点）", "is not a telephone number"),
        ("QQ 12345678", "is not a telephone number"),
    ],
)
def test_what_is_wrong_with_a_number_is_told(text: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_telephone("phone", f" {text}")
    assert told in refused.value.message.format(**refused.value.params)
    assert refused.value.params["value"] == text


def test_an_empty_number_is_none_and_a_wrong_one_is_told() -> None:
    for nothing in ("  ", "无", "—"):
        assert read_telephone("phone", nothing) is None
    with pytest.raises(InvalidInput, match="“8888 0000” is not a telephone number; .* area code"):
        read_telephone("phone", " 8888 0000 ")


def test_a_number_whose_area_is_known_otherwise_may_lack_its_code() -> None:
    assert read_telephone("phone", "8888 0000", line_needed=False).line is None
    for wrong in ("138 000", "call me", "-------"):
        with pytest.raises(InvalidInput, match="not a telephone number"):
            read_telephone("phone", wrong, line_needed=False)


def test_the_0_that_a_spreadsheet_dropped_is_put_back() -> None:
    assert str(read_telephone("phone", "51255550001")) == "051255550001"


@pytest.mark.parametrize("text", ["138 0000 0000", "+86 138-0000-0000", "１３８００００００００", "0086 13800000000"])
def test_a_mobile_number_is_eleven_digits(text: str) -> None:
    assert read_mobile("address", text) == "13800000000"


@pytest.mark.parametrize("text", ["", "0512-5555 0000", "12345678901", "138000000001"])
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{text}” is not a mobile number"):
        read_mobile("address", text)


def test_the_numbers_of_the_sample_network_can_be_dialled(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for phone in session.scalars(sa.select(Station.phone).where(Station.phone.is_not(None))):
            assert str(read_telephone("phone", phone)) == phone


def test_letters_in_a_mobile_number_are_questioned_not_dialled() -> None:
    with pytest.raises(InvalidInput, match="if 13800138000 is meant"):
        read_mobile("address", "138OO138OOO")
