"""How the rows of a list become an account: the person, and one duty or several.

Nobody gives or takes a duty above the own one or outside the own area by a list either: such a row is wrong. A list
takes a duty away only if it is said to replace what is on file.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.accounts.accounts import area_kind_of, area_of
from stations.duty.roles import AREA_OF_ROLE, Actor, Area, AreaKind, Role, whole_province
from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.imports.plan import Weight
from stations.imports.word_mapping import WordKind
from stations.language import N_, Bilingual, Listed, Worded
from stations.lists.list_row import Held, ListRow
from stations.lists.named_records import NamedRecords
from stations.lists.register import Occasion, RowMaker
from stations.places.area_names import area_name
from stations.places.area_words import AreaWords, SeveralCounties
from stations.readers.telephone import line_of, read_mobile


@dataclass(frozen=True, slots=True, order=True)
class HeldDuty:
    """A role over an area: an adcode or a station's code."""

    role: Role
    area_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """The state of an account. ``duties``: sorted."""

    username: str
    name: str
    phone: str | None = None
    email: str | None = None
    unit: str | None = None
    department: str | None = None
    active: bool = True
    duties: tuple[HeldDuty, ...] = ()


_OTHER_NAME = N_(
    "The row says {name}, and the account {accounts} has this e-mail address or telephone number; write the user name "
    "of the account that is meant, or an address of the person's own"
)
Row = ListRow[AccountState]
USERNAME_LIMIT = 40  # characters


_SAID_ONCE = ("name", "phone", "email", "unit", "department", "active")


def username_key(username: str) -> Hashable:
    """Return the key of a user name, which is the same in small and capital letters."""
    return "username", username.casefold()


def person_keys(name: str | None, email: str | None, phone: str | None) -> Sequence[Hashable]:
    """Return by what a person's account is known besides its user name: the e-mail address, and the name together with
    the telephone line, which a whole office may share.
    """
    keys: list[Hashable] = [("email", email.casefold())] if email else []
    line = line_of(phone)
    return [*keys, ("phone", line, comparable(name))] if line and name else keys


def username_told(email: str | None, phone: str | None) -> str:
    """Return the user name of an account whose row states none: the e-mail address, else the mobile number; "" if there
    is neither.
    """
    if email and len(email) <= USERNAME_LIMIT:
        return email
    try:
        return read_mobile("phone", phone or "")
    except InvalidInput:
        return ""


class AccountRows(RowMaker[AccountState]):
    """Reads the rows of one list for an actor. ``elsewhere``: user names that others have, in small letters.
    ``emails``: address in small letters → user name, None of an account that the actor may not see. ``occasion``:
    of the list.
    """

    def __init__(
        self,
        session: Session,
        actor: Actor,
        areas: AreaWords,
        stations: Mapping[str, str],
        elsewhere: frozenset[str],
        emails: Mapping[str, str | None],
        occasion: Occasion,
    ) -> None:
        self._session, self._actor, self._areas = session, actor, areas
        self._stations = NamedRecords(stations)
        self._elsewhere, self._emails, self._met = elsewhere, dict(emails), occasion.met
        self._replaces = occasion.replaces
        self._area_of: dict[str, tuple[AreaKind, Area]] = {}

    def keys(self, row: Row) -> Sequence[Hashable]:
        """Return the user name; without one, what would be the user name, the e-mail address, and the person's name
        with the telephone line.
        """
        values = row.values
        if username := values.get("username"):
            return (username_key(username),)
        email, phone = values.get("email"), values.get("phone")
        told = username_told(email, phone)
        keys = [username_key(told)] if told else []
        return [*keys, *person_keys(values.get("name"), email, phone)]

    def choose(self, row: Row, found: Sequence[Held[AccountState]]) -> Held[AccountState] | None:
        """Return the account of the user name; without one, that of the person of this name."""
        name = row.values.get("name")
        if not row.values.get("username"):
            of_name = [one for one in found if name and _same_name(name, one.state.name)]
            if not of_name:
                message = N_(
                    "The account {accounts} has this e-mail address or telephone number, and the row does not say that "
                    "name; write the user name of the account that is meant, or correct the row"
                )
                told = Listed(f"{one.code} ({one.state.name})" for one in found[:5])
                row.fault("name", _OTHER_NAME if name else message, name=name, accounts=told)
                return None
            found = of_name
        if len(found) == 1:
            return found[0]
        message = N_("Several accounts fit this row ({accounts}); write the user name of the one that is meant")
        row.fault("username", message, accounts=Listed(one.code for one in found[:5]))
        return None

    def make(self, rows: Sequence[Row], before: AccountState | None) -> AccountState | None:
        """Return the account after the import."""
        first = rows[0]
        duties = [duty for row in rows for duty in self._duties(row)]
        wrong = next((row for row in rows if row.wrong), None)
        if wrong is not None:
            if not first.wrong:
                first.fault("", N_("Row {row}, of the same account, is wrong; correct it first"), row=wrong.number)
            return None
        said = {name: row.said[name] for row in reversed(rows) for name in _SAID_ONCE if name in row.said}
        held = before.duties if before else ()
        kept: Sequence[HeldDuty] = ()
        state: AccountState | None
        if before is None:
            state = self._new(first, said, duties)
        else:
            kept = self._kept(first, held, duties)
            self._check_person(first, before, said, duties)
            cleared: dict[str, Any] = dict.fromkeys(first.cleared)
            state = replace(before, **cleared | said)
            if state.email != before.email:
                self._check_email(first, state.email, state.username)
        if state is None:
            return None
        after = replace(state, duties=tuple(sorted({*kept, *duties})))
        self._check(first, before, after)
        return None if first.wrong else after

    def _new(self, row: Row, said: Mapping[str, Any], duties: Sequence[HeldDuty]) -> AccountState | None:
        username = row.values.get("username")
        if not username and (username := username_told(row.values.get("email"), row.values.get("phone"))):
            message = N_("No user name is stated; it will be {username}")
            row.remark("username", Weight.NOTE, message, username=username)
        if not username:
            row.fault("username", N_("This is empty; write a user name, an e-mail address or a mobile number"))
        elif username.casefold() in self._elsewhere:
            row.fault("username", N_("The user name “{username}” is taken"), username=username)
        if not said.get("name") and all(remark.column != "name" for remark in row.remarks):
            row.fault("name", N_("This is empty; please fill it in"))
        if not duties and not row.wrong:
            row.fault("role", N_("This is empty; please fill it in"))
        if username:
            self._check_email(row, said.get("email"), username)
        return None if row.wrong else AccountState(**{"username": username, **said})

    def _check_email(self, row: Row, email: str | None, username: str) -> None:
        """Doubt an address that another account has; refuse that of an account that the actor may not see, and reveal
        nothing of it.
        """
        if not email:
            return
        owner = self._emails.setdefault(email.casefold(), username)
        if owner is None:
            row.fault("email", N_("This e-mail address can't be used for this account; write another"))
        elif owner != username:
            message = N_("The account {username} has this address too; is it the same person?")
            row.doubt("email", message, username=owner)

    def _check_person(
        self, row: Row, before: AccountState, said: Mapping[str, Any], duties: Sequence[HeldDuty]
    ) -> None:
        """Refuse a row that gives one person's account a new name and a duty: it may be meant for somebody else. Doubt
        one that only gives it another name.
        """
        name = said.get("name")
        if not name or _same_name(name, before.name):
            return
        if set(duties) <= set(before.duties):
            message = N_(
                "The account {username} is that of {standing}, the row says {name}; import it only if the person has "
                "another name now"
            )
            row.doubt("name", message, username=before.username, standing=before.name, name=name)
        else:
            message = N_(
                "The account {username} is that of {standing}, the row says {name} and gives it a duty; if the person "
                "has another name now, change the name first; if it is somebody else, write a user name of their own"
            )
            row.fault("name", message, username=before.username, standing=before.name, name=name)

    def _duties(self, row: Row) -> list[HeldDuty]:
        """Return the duties that a row names; what is wrong with them is a fault, since they give rights."""
        roles: Sequence[Role] = row.values.get("role") or ()
        stated = any(row.values.get(column) for column in ("area", "city", "station"))
        if not roles:
            if stated and "role" not in row.cell_problems and row.match is None:
                row.fault("role", N_("The row names an area and no role; write the role"))
            return []
        try:
            areas = self._areas_of(row)
        except InvalidInput as problem:
            row.fault("area" if row.values.get("area") else "station", problem.message, **problem.params)
            return []
        duties: dict[HeldDuty, None] = {}
        for role in roles:
            fitting = [code for code in areas if self._known(code)[0] in AREA_OF_ROLE[role]]
            if not areas and AREA_OF_ROLE[role] == {AreaKind.PROVINCE}:
                fitting = [province_in_use().adcode]
            if not fitting and not areas:
                row.fault("area", N_("“{role}” needs an area of duty; write it"), role=Worded(role.label))
            elif not fitting:
                message = N_("The role “{role}” can't have the area “{area}”; correct one of the two")
                row.fault("area", message, role=Worded(role.label), area=self._words_of_area(row))
            duties |= dict.fromkeys(HeldDuty(role, code) for code in fitting)
        idle = [code for code in areas if all(duty.area_code != code for duty in duties)]
        if idle and duties:
            message = N_("No role of this row can have the area “{area}”; write the role that is meant for it")
            row.fault("area", message, area=Listed(str(self._named(code)) for code in idle))
        return list(duties)

    def _words_of_area(self, row: Row) -> str:
        return str(row.values.get("area") or row.values.get("station") or row.values.get("city") or "")

    def _areas_of(self, row: Row) -> list[str]:
        """Return the codes of the areas that a row names; none if it names none.

        Raises:
            InvalidInput: a word names none or several.
        """
        city = row.values.get("city") or ""
        codes: dict[str, None] = {}
        if cell := row.values.get("area"):
            named = (self._area_named(row.number, city, word) for word in self._stations.words.read(cell))
            codes |= dict.fromkeys(filter(None, named))
        if cell := row.values.get("station"):
            codes |= dict.fromkeys(self._stations.code("station", word) for word in self._stations.words.read(cell))
        if not codes and city:
            codes[self._area("", city)] = None
        if not codes and (unit := row.values.get("unit")):
            code = self._area_in(unit)
            if code:
                codes[code] = None
                message = N_("No area is stated; {area} was taken from “{words}”; check it")
                row.doubt("area", message, area=self._named(code), words=unit)
        return list(codes)

    def _area_named(self, row: int, city: str, word: str) -> str:
        """Return the code of the area that a word of a cell names or was taught to mean, "" if it is left out."""
        taught = self._met.mapping.taught(WordKind.AREA, word)
        if taught is not None:
            self._met.meet(WordKind.AREA, word, row)
            return "".join(taught.means)
        try:
            return self._area(city, word)
        except InvalidInput as problem:
            self._met.meet(WordKind.AREA, word, row, problem)
            raise

    def _area(self, city: str, word: str) -> str:
        """Return the code of the province, the city, the county or the station that a word names."""
        if not city and (whole := self._areas.find_area("area", word)):
            return whole
        try:
            return self._stations.code("area", word)
        except InvalidInput as no_station:
            try:
                of_city, of_county = self._areas.read(city, word, with_more=True)
            except InvalidInput as problem:
                if city or isinstance(problem, SeveralCounties):
                    raise
                message = N_("“{area}” is neither the name or adcode of an area nor the name or code of a station")
                raise InvalidInput("area", message, area=word) from no_station
        return of_county or of_city

    def _area_in(self, unit: str) -> str:
        """Return the area that an organisation's name tells, "" for none."""
        try:
            return self._area("", unit)
        except InvalidInput:
            return ""

    def _named(self, code: str) -> Bilingual | str:
        """Return an area in words; of a station its code."""
        return code if self._known(code)[0] is AreaKind.STATION else area_name(code)

    def _known(self, code: str) -> tuple[AreaKind, Area]:
        if code not in self._area_of:
            kind = area_kind_of(self._session, code)
            self._area_of[code] = kind, area_of(self._session, kind, code)
        return self._area_of[code]

    def _kept(self, row: Row, held: Sequence[HeldDuty], named: Sequence[HeldDuty]) -> Sequence[HeldDuty]:
        """Return the duties on file that stay, given those that the rows name, and remark on the others of the file.

        A duty that is added may be meant in place of one that stays, which is a doubt.
        """
        others = [duty for duty in held if duty not in named]
        if not named or not others:
            return held
        told = Listed(self._in_words(duty) for duty in others)
        if self._replaces:
            message = N_("On file, not in the list, and taken away: {duties}")
            row.remark("role", Weight.NOTE, message, duties=told)
            return [duty for duty in held if duty in named]
        added = [duty for duty in named if duty not in held]
        if added:
            message = N_(
                "{added} is added; {duties} is on file and stays. If the person has changed, let the list replace the "
                "duties, or take the old one away on the page of the account"
            )
            row.doubt("role", message, added=Listed(self._in_words(duty) for duty in added), duties=told)
        else:
            row.remark("role", Weight.NOTE, N_("On file, not in the list, and kept: {duties}"), duties=told)
        return held

    def _in_words(self, duty: HeldDuty) -> Worded:
        named = {"role": Worded(duty.role.label), "area": self._named(duty.area_code)}
        return Worded(N_("{role} · {area}"), named)

    def _check(self, row: Row, before: AccountState | None, after: AccountState) -> None:
        """Refuse what the actor may not do, as the page of the account does."""
        if after == before:
            return
        if before and before.username == self._actor.username:
            row.fault("", N_("Your own account is changed by somebody else"))
        elif before and not self._may_change(before):
            row.fault("", N_("This account has a duty above your own or outside your area"))
        elif not self._administers([duty for duty in after.duties if before is None or duty not in before.duties]):
            row.fault("role", N_("This duty is not yours to give or take: it is above your own or outside your area"))

    def _may_change(self, account: AccountState) -> bool:
        # An account without duties is in no area: only an administrator of the whole province may give it one.
        if not account.duties:
            return self._actor.may_administer(Role.PROVINCE, whole_province())
        return self._administers(account.duties)

    def _administers(self, duties: Sequence[HeldDuty]) -> bool:
        return all(self._actor.may_administer(duty.role, self._position(duty.area_code)) for duty in duties)

    def _position(self, code: str) -> Area:
        try:
            return self._known(code)[1]
        except InvalidInput:
            return whole_province()  # an area that no longer exists


def _same_name(one: str, other: str) -> bool:
    return comparable(one) == comparable(other)
