"""Where a request would go: the stations proposed to a firm before it files."""

from __future__ import annotations

from typing import Any

from stations.answers.columns import as_plain
from stations.language import Language
from stations.requests.proposed_stations import Option, Proposal


def proposal_as_data(proposal: Proposal, language: Language) -> dict[str, Any]:
    """Return a proposal as plain JSON. ``problem``, ``own_problem``: in a language, None where there is none."""

    def told(problem: Any) -> str | None:
        return language.translate(problem.message, **problem.params) if problem else None

    return {
        "stations": [_option(one, language) for one in proposal.options],
        "parts": [
            {
                "station_code": one.found.station.code,
                "name": language.pick(one.found.station.name, one.found.station.name_en),
                "services": [service.code for service in one.services],
                "sample": one.found.station.sample,
            }
            for one in proposal.shares
        ],
        "problem": told(proposal.problem),
        "own_problem": told(proposal.own_problem),
    }


def _option(option: Option, language: Language) -> dict[str, Any]:
    station, plan = option.plan.station, option.plan
    return {
        "station_code": station.code,
        "name": language.pick(station.name, station.name_en),
        "county_adcode": station.county_adcode,
        "proposed": option.proposed,
        "sample": station.sample,
        "score": round(option.ranked.score, 4),
        "distance_m": None if option.ranked.distance_m is None else round(option.ranked.distance_m),
        "factors": [
            {"factor": one.factor.value, "value": one.value, "weight": one.weight, "score": round(one.score, 4)}
            for one in option.ranked.weighed
        ],
        "split": plan.split,
        "steward": plan.steward is not None,
        "office": as_plain(plan.office),
        "services": [
            {
                "service": item.service.code,
                "institution": language.pick(item.institution.name, item.institution.name_en)
                if item.institution
                else None,
                "standing": as_plain(item.standing),
                "partner_station": item.partner.code if item.partner else None,
                "unsure": item.unsure,
            }
            for item in plan.items
        ],
    }
