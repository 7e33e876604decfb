"""On which terms the data may be used: who publishes it, under which licence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from stations.errors import InvalidInput
from stations.language import LANGUAGES, N_, Bilingual, Language, ListedAsWritten
from stations.settings import read_value


@dataclass(frozen=True)
class Licence:
    """A licence: its address, and its name in both languages."""

    url: str
    name: Bilingual


LICENCES: Mapping[str, Licence] = {
    "CC0-1.0": Licence(
        "https://creativecommons.org/publicdomain/zero/1.0/",
        Bilingual("CC0 1.0 通用公共领域贡献", "CC0 1.0 Universal"),
    ),
    "CC-BY-4.0": Licence(
        "https://creativecommons.org/licenses/by/4.0/",
        Bilingual("知识共享 署名 4.0 国际", "Creative Commons Attribution 4.0 International"),
    ),
    "CC-BY-SA-4.0": Licence(
        "https://creativecommons.org/licenses/by-sa/4.0/",
        Bilingual("知识共享 署名—相同方式共享 4.0 国际", "Creative Commons Attribution-ShareAlike 4.0 International"),
    ),
    "ODbL-1.0": Licence(
        "https://opendatacommons.org/licenses/odbl/1-0/",
        Bilingual("开放数据库许可 1.0", "Open Data Commons Open Database License 1.0"),
    ),
    "MulanOWLBY-1.0": Licence(
        "https://license.coscl.org.cn/MulanOWLBYv1/",
        Bilingual("木兰开放作品许可协议 署名 第1版", "Mulan Open Works License, Attribution, version 1"),
    ),
}
"""Known licences by their identifier."""
NONE_SET = N_(
    "The publisher has not set a licence. The data may be read and checked; ask the publisher before you pass it on."
)


def read_licence(environment: Mapping[str, str]) -> Licence | None:
    """Read ``DATA_LICENCE``: an identifier of ``LICENCES``, or the address of the publisher's own terms. None if unset.

    Raises:
        InvalidInput: it is neither.
    """
    written = read_value(environment, "DATA_LICENCE")
    if not written:
        return None
    known = {code.casefold(): licence for code, licence in LICENCES.items()}
    if licence := known.get(written.casefold()):
        return licence
    try:
        parts = urlsplit(written)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in {"http", "https"} and parts.hostname and written.isprintable() and " " not in written:
        return Licence(written, Bilingual("发布单位的使用条款", "Terms of use of the publisher"))
    raise InvalidInput(
        "DATA_LICENCE",
        N_("DATA_LICENCE is “{value}”; set it to one of: {known}, or to the address of your own terms (https://…)"),
        value=written,
        known=ListedAsWritten(LICENCES),
    )


@dataclass(frozen=True)
class Terms:
    """What stands in every file: ``address`` of the page of open data, the publisher, the licence (None: none set)."""

    address: str
    publisher: Bilingual
    licence: Licence | None

    def licence_in(self, language: Language) -> str:
        """Return the licence with its address, or that none is set."""
        if self.licence is None:
            return language.translate(NONE_SET)
        return f"{language.pick(*self.licence.name)} <{self.licence.url}>"


def in_every_language() -> Iterator[Language]:
    """Yield the languages that notes in files are written in, one after the other."""
    return (Language(code) for code in LANGUAGES)
