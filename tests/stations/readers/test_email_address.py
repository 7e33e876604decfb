from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.readers.email_address import EmailAddress, read_email_address

LOCAL = st.from_regex(r"[A-Za-z0-9._%+-]{1,20}", fullmatch=True)
HOST = st.from_regex(r"[a-z0-9-]{1,10}(\.[a-z0-9-]{1,10}){1,3}", fullmatch=True)


@given(LOCAL, HOST, st.sampled_from(["{}", " {} ", "<{}>", "王小明 <{}>", '"Wang, X." <{}>'.replace(",", "")]))
def test_an_address_is_read_out_of_what_encloses_it(local: str, host: str, written: str) -> None:
    assert read_email_address("email", written.format(f"{local}@{host}")).address == f"{local}@{host}"


def test_the_name_before_an_address_is_read_too() -> None:
    read = read_email_address("email", "王小明 <ｗａｎｇ＠example.com>")
    assert read == EmailAddress("wang@example.com", "王小明")
    assert read_email_address("email", str(read)) == read


def test_a_host_of_a_closed_network_may_lack_a_dot() -> None:
    assert read_email_address("SMTP_FROM", "portal@mail", local_host=True).address == "portal@mail"


@pytest.mark.parametrize(
    "text",
    [
        "wang",
        "a@b",
        "a@b.cn, c@d.cn",
        "a@b.cn;c@d.cn",
        "a,b@c.cn",
        "a@b.cn\nBcc: c@d.cn",
        "<a@b.cn",
        "<a@b.cn> <c@d.cn>",
        "@b.cn",
        "a@.cn",
    ],
)
def test_what_is_not_one_address_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_email_address("email", text)
    assert refused.value.params == {"value": text} and refused.value.field == "email"
