from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import Conflict, InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.keeping.editing import edit_record
from stations.keeping.proposal import Proposal, ProposalState, StepKind
from stations.keeping.proposal_review import accept, comment, refuse, review, send_back
from stations.keeping.proposing import (
    Wish,
    count_proposals,
    count_untold,
    list_proposals,
    mark_answer_seen,
    may_propose_new,
    open_proposal,
    propose,
    resubmit,
    withdraw,
)
from stations.keeping.record_merge import ChangedMeanwhile, Side
from stations.registry.dated_entries import EntryForm
from stations.registry.record_history import ChangeKind, list_changes
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import Offer
from stations.registry.station import Station, Status, get_station
from tests.conftest import NOW
from tests.stations.registry_factories import (
    CITY,
    COLLEAGUE,
    COUNTY,
    KUNSHAN,
    OPENED,
    PROVINCE,
    added_station,
    form_of,
    station_form,
)
from tests.stations.request_factories import actor_with, steward_of

STATION = RecordKind.STATION
LATER = NOW + timedelta(hours=1)
OTHER_COUNTY = Actor("wu", "吴科长", False, actor_with(Role.COUNTY, AreaKind.COUNTY, "320581").duties)
OTHER_CITY = Actor("zheng", "郑科长", False, actor_with(Role.CITY, AreaKind.CITY, "320100").duties)


def station_and_proposal(session: Session, actor: Actor = COUNTY, **changes: object) -> tuple[Station, Proposal]:
    station = added_station(session)
    wish = Wish(form_of(station, **(changes or {"name": "昆山智能制造质量小站"})))
    return station, propose(
        session, actor, wish, reason="更名批复", now=NOW, station_code=station.code, version=station.version
    )


def test_a_county_proposes_a_station_and_the_province_adds_it(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        code = propose(session, COUNTY, Wish(station_form(), OPENED), reason="新建", now=NOW).code
        assert session.scalar(sa.select(sa.func.count()).select_from(Station).where(Station.phone.is_not(None))) == 0
    with transaction(reference_engine) as session:
        seen = review(session, PROVINCE, code)
        assert seen.station is None and seen.may_decide and not seen.moved_on
        assert [field.field for field in seen.merge.fields][:2] == ["name", "name_en"]
        accept(session, PROVINCE, code, version=1, now=LATER)
    with reading(reference_engine) as session:
        proposal = open_proposal(session, COUNTY, code)
        assert (proposal.state, proposal.station_code) == (ProposalState.ACCEPTED, "S-3205-001")
        station = get_station(session, "S-3205-001", samples=True)
        assert station.name == "昆山高新区质量小站" and station.history[0].status is Status.ACTIVE
        (change,) = list_changes(session, STATION, [station.code])
        assert (change.change, change.actor, change.reason, change.proposal) == (
            ChangeKind.ADDED,
            "zhao",
            "新建",
            code,
        )
        assert [step.step for step in proposal.steps] == [StepKind.PROPOSED, StepKind.ACCEPTED]
        actions = set(session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject == code)))
        assert actions == {"proposal_proposed", "proposal_accepted"}


def test_an_accepted_change_of_status_follows_the_history(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
        steward = steward_of(station)
        closing = Wish(entry=EntryForm("closed", dated="2026-12-31", reason="园区撤并"))
        code = propose(session, steward, closing, reason="停办", now=NOW, station_code=station.code, version=1).code
        accept(session, PROVINCE, code, version=1, station_version=1, now=LATER)
    with reading(reference_engine) as session:
        assert [entry.status for entry in get_station(session, station.code, samples=True).history] == [
            "active",
            "closed",
        ]
        assert list_changes(session, STATION, [station.code])[0].change is ChangeKind.STATUS


def test_a_proposal_is_checked_like_what_is_saved(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
    given = {"reason": " ", "now": NOW, "station_code": station.code, "version": 1}
    wrong = form_of(station, phone="1", hours="x")
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        propose(session, COUNTY, Wish(wrong), **given)
    assert [problem.field for problem in refused.value.problems] == ["reason", "hours", "phone"]
    with pytest.raises(Conflict, match="nothing to propose"), transaction(reference_engine) as session:
        propose(session, COUNTY, Wish(form_of(station)), **given | {"reason": "x"})
    for active in (EntryForm("active", dated="2025"), EntryForm("suspended", dated="2023", reason="x")):
        with pytest.raises(InvalidForm), transaction(reference_engine) as session:
            propose(session, COUNTY, Wish(entry=active), **given | {"reason": "x"})
    with pytest.raises(NotFound), transaction(reference_engine) as session:
        propose(session, COUNTY, Wish(form_of(station)), **given | {"reason": "x", "station_code": "S-0"})


@pytest.mark.parametrize("actor", [OTHER_COUNTY, OTHER_CITY, actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")])
def test_nobody_proposes_or_sees_outside_the_own_area(reference_engine: Engine, actor: Actor) -> None:
    with transaction(reference_engine) as session:
        station, proposal = station_and_proposal(session)
    wishes: list[Callable[[Session], object]] = [
        lambda session: propose(session, actor, Wish(station_form(), OPENED), reason="x", now=NOW),
        lambda session: propose(
            session, actor, Wish(form_of(station, phone="")), reason="x", now=NOW, station_code=station.code, version=1
        ),
        lambda session: open_proposal(session, actor, proposal.code),
        lambda session: review(session, actor, proposal.code),
        lambda session: comment(session, actor, proposal.code, "x", now=NOW),
        lambda session: accept(session, actor, proposal.code, version=1, station_version=1, now=NOW),
        lambda session: refuse(session, actor, proposal.code, version=1, reason="x", now=NOW),
        lambda session: withdraw(session, actor, proposal.code, version=1, now=NOW),
    ]
    for wish in wishes:
        with pytest.raises(NotAllowed), transaction(reference_engine) as session:
            wish(session)
    with reading(reference_engine) as session:
        assert list_proposals(session, actor, samples=True) == []


def test_who_answers_for_one_station_proposes_about_that_one_only(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        steward = steward_of(added_station(session))
    assert [may_propose_new(actor) for actor in (steward, COUNTY, CITY)] == [False, True, True]
    with pytest.raises(NotAllowed), transaction(reference_engine) as session:
        propose(session, steward, Wish(station_form(), OPENED), reason="x", now=NOW)


def test_who_proposes_and_who_reviews_see_it_in_their_lists(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, proposal = station_and_proposal(session)
        later = propose(session, CITY, Wish(station_form(), OPENED), reason="x", now=NOW)
    with reading(reference_engine) as session:
        for actor in (COUNTY, CITY, PROVINCE):
            assert [one.code for one in list_proposals(session, actor, samples=True)] == [later.code, proposal.code]
            assert count_proposals(session, actor, samples=True)[ProposalState.WAITING] == 2
        assert [one.code for one in list_proposals(session, steward_of(station), samples=True)] == [proposal.code]
        assert [one.code for one in list_proposals(session, CITY, samples=True, mine=True)] == [later.code]
        assert [one.code for one in list_proposals(session, CITY, samples=True, after_id=later.id)] == [proposal.code]
        assert list_proposals(session, CITY, samples=True, states={ProposalState.REFUSED}) == []


def test_a_city_decides_on_what_it_answers_for_and_comments_on_the_rest(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, name = station_and_proposal(session)
        small = propose(
            session,
            COUNTY,
            Wish(form_of(station, phone="12315")),
            reason="x",
            now=NOW,
            station_code=station.code,
            version=1,
        )
        assert not review(session, CITY, name.code).may_decide and review(session, CITY, name.code).may_comment
        assert review(session, CITY, small.code).may_decide
        assert not review(session, COUNTY, small.code).may_decide
        accept(session, CITY, small.code, version=1, station_version=1, now=NOW)
        comment(session, CITY, name.code, "同意更名", now=NOW)
    with pytest.raises(NotAllowed, match="not yours to decide"), transaction(reference_engine) as session:
        accept(session, CITY, name.code, version=2, station_version=2, now=NOW)
    with reading(reference_engine) as session:
        assert get_station(session, station.code, samples=True).phone == "12315"
        assert open_proposal(session, COUNTY, name.code).steps[-1].text == "同意更名"


def test_a_station_moved_to_another_city_is_not_the_citys_to_decide(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        _station, proposal = station_and_proposal(session, city_adcode="", county_adcode="320102", lon=None, lat=None)
        assert not review(session, CITY, proposal.code).may_decide
        assert review(session, PROVINCE, proposal.code).may_decide


def test_nobody_decides_on_a_proposal_of_their_own(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        _station, proposal = station_and_proposal(session, CITY, phone="12315")
    for act in (accept, refuse):
        with pytest.raises(NotAllowed, match="Somebody else"), transaction(reference_engine) as session:
            given = {"station_version": 1} if act is accept else {"reason": "x"}
            act(session, CITY, proposal.code, version=1, now=NOW, **given)


def test_the_proposer_is_told_and_answers_what_came_back(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, proposal = station_and_proposal(session)
        assert count_untold(session, COUNTY) == 0
        send_back(session, PROVINCE, proposal.code, version=1, reason="请附批复文号", now=NOW)
        assert count_untold(session, COUNTY) == 1
        mark_answer_seen(session, PROVINCE, proposal.code)
        assert count_untold(session, COUNTY) == 1
        mark_answer_seen(session, COUNTY, proposal.code)
        assert count_untold(session, COUNTY) == 0
    with pytest.raises(Conflict, match="waits for its proposer"), transaction(reference_engine) as session:
        accept(session, PROVINCE, proposal.code, version=2, station_version=1, now=NOW)
    with transaction(reference_engine) as session:
        wish = Wish(form_of(station, name="昆山智能制造质量小站", source="昆市监〔2026〕9 号"))
        resubmit(session, COUNTY, proposal.code, wish, version=2, reason="已补", now=LATER, station_version=1)
        accept(session, PROVINCE, proposal.code, version=3, station_version=1, now=LATER)
    with reading(reference_engine) as session:
        assert get_station(session, station.code, samples=True).source == "昆市监〔2026〕9 号"
        assert [step.step.value for step in open_proposal(session, COUNTY, proposal.code).steps] == [
            "proposed",
            "returned",
            "resubmitted",
            "accepted",
        ]


def test_a_decision_needs_a_reason_and_stands(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        _station, proposal = station_and_proposal(session)
    for act in (refuse, send_back):
        with pytest.raises(InvalidInput) as empty, transaction(reference_engine) as session:
            act(session, PROVINCE, proposal.code, version=1, reason=" ", now=NOW)
        assert empty.value.field == "reason"
    with transaction(reference_engine) as session:
        refuse(session, PROVINCE, proposal.code, version=1, reason="名称不合规范", now=NOW)
    for act in (
        lambda session: accept(session, PROVINCE, proposal.code, version=2, station_version=1, now=NOW),
        lambda session: withdraw(session, COUNTY, proposal.code, version=2, now=NOW),
        lambda session: comment(session, COUNTY, proposal.code, "x", now=NOW),
    ):
        with pytest.raises(Conflict), transaction(reference_engine) as session:
            act(session)


def test_only_the_proposer_takes_a_proposal_back(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        _station, proposal = station_and_proposal(session)
    with pytest.raises(NotAllowed, match="李科长"), transaction(reference_engine) as session:
        withdraw(session, PROVINCE, proposal.code, version=1, now=NOW)
    with transaction(reference_engine) as session:
        assert withdraw(session, COUNTY, proposal.code, version=1, now=NOW).state is ProposalState.WITHDRAWN


def test_what_changed_elsewhere_meanwhile_is_kept_beside_the_proposal(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, proposal = station_and_proposal(session)
        edit_record(session, COLLEAGUE, STATION, station.code, form_of(station, phone="12345"), version=1, now=NOW)
        seen = review(session, PROVINCE, proposal.code)
        assert seen.moved_on and [(field.field, field.changed_by) for field in seen.merge.fields] == [
            ("name", Side.YOURS),
            ("phone", Side.THEIRS),
        ]
    with pytest.raises(ChangedMeanwhile), transaction(reference_engine) as session:
        accept(session, PROVINCE, proposal.code, version=1, station_version=1, now=NOW)
    with transaction(reference_engine) as session:
        accept(session, PROVINCE, proposal.code, version=1, station_version=2, now=NOW)
    with reading(reference_engine) as session:
        station = get_station(session, station.code, samples=True)
        assert (station.name, station.phone) == ("昆山智能制造质量小站", "12345")


@pytest.mark.parametrize(("side", "name"), [(Side.YOURS, "昆山智能制造质量小站"), (Side.THEIRS, "昆山南站质量小站")])
def test_a_field_changed_on_both_sides_is_decided_by_the_reviewer(
    reference_engine: Engine, side: Side, name: str
) -> None:
    with transaction(reference_engine) as session:
        station, proposal = station_and_proposal(session, name="昆山智能制造质量小站", services=(Offer("standards"),))
        theirs = form_of(station, name="昆山南站质量小站")
        edit_record(session, COLLEAGUE, STATION, station.code, theirs, version=1, now=NOW)
    with pytest.raises(ChangedMeanwhile) as conflict, transaction(reference_engine) as session:
        accept(session, PROVINCE, proposal.code, version=1, station_version=2, now=NOW)
    assert [clash.field for clash in conflict.value.merge.clashes] == ["name"]
    with transaction(reference_engine) as session:
        accept(session, PROVINCE, proposal.code, version=1, station_version=2, choices={"name": side}, now=NOW)
    with reading(reference_engine) as session:
        station = get_station(session, station.code, samples=True)
        assert station.name == name and [offer.service_code for offer in station.offers] == ["standards"]


def test_a_proposal_that_the_registry_has_caught_up_with_is_not_accepted(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, proposal = station_and_proposal(session, phone="12315")
        edit_record(session, COLLEAGUE, STATION, station.code, form_of(station, phone="12315"), version=1, now=NOW)
    with pytest.raises(Conflict, match="says all of this"), transaction(reference_engine) as session:
        accept(session, PROVINCE, proposal.code, version=1, station_version=2, now=NOW)


def test_invented_people_propose_samples_that_vanish_with_the_samples(reference_engine: Engine) -> None:
    invented = Actor("s", "示例·昆山市管理员", True, COUNTY.duties)
    with transaction(reference_engine) as session:
        proposal = propose(session, invented, Wish(station_form(), OPENED), reason="x", now=NOW)
        assert proposal.sample and proposal.county_adcode == KUNSHAN
        assert [one.code for one in list_proposals(session, PROVINCE, samples=True)] == [proposal.code]
        assert list_proposals(session, PROVINCE, samples=False) == []
        accept(session, PROVINCE, proposal.code, version=1, now=NOW)
        assert get_station(session, "SAMPLE-S-001", samples=True).sample
    with pytest.raises(NotFound), transaction(reference_engine) as session:
        open_proposal(session, PROVINCE, proposal.code, samples=False)


def test_the_sample_network_has_proposals_to_try_deciding_on(sample_copy_engine: Engine) -> None:
    invented = Actor("sample-province", "示例·省管理员", True, PROVINCE.duties)
    with transaction(sample_copy_engine) as session:
        waiting, returned, *_decided = list_proposals(session, invented, samples=True)
        assert (waiting.state, returned.state) == (ProposalState.WAITING, ProposalState.RETURNED)
        seen = review(session, invented, waiting.code)
        assert seen.may_decide and not seen.moved_on and not seen.merge.clashes
        accept(session, invented, waiting.code, version=1, station_version=seen.station.version, now=NOW)
        assert get_station(session, seen.station.code, samples=True).name.endswith("（新址）")
