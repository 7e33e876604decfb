"""Drawing of industrial chains: the list each is on, the matrix of chains and cities, and the map of gaps."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import draw_setting
from portal.components import Figure, figures, link, page_url, sample_tag, source, tag
from portal.language import N_, _, current, ngettext, pick
from portal.maps.county_map import Fill, county_map
from portal.maps.legend import LegendEntry
from portal.maps.open_county import open_county_at
from portal.theme import FIGURE_AREAS, NOT_KNOWN, SERVICE_AREAS
from stations.answers.chain import BY_COUNTY, service_in_county
from stations.answers.chains import who_serves
from stations.catalogue.chain import ChainTier, IndustrialChain
from stations.chains.chain_counties import chain_counties, gaps_by_county
from stations.chains.chain_coverage import Cell, ChainCoverage, Service
from stations.language import LabelledEnum, label
from stations.places.counties import City, County, list_counties


def chain_link(chain: IndustrialChain) -> Markup:
    """Return a chain's name, linked to its page."""
    return link(page_url("chain", code=chain.code), pick(chain.name_zh, chain.name_en))


def tier_tag(tier: ChainTier | None) -> Markup:
    """Return a tag with the list a chain is on, or a note that its source does not say."""
    return tag(label(current(), tier)) if tier else Markup('<span class="muted">{}</span>').format(_("list not known"))


def draw_lists(coverage: ChainCoverage) -> None:
    """Draw how many chains of each of the policy's lists are on file."""
    figures(
        [
            *(
                Figure(
                    str(one.on_file),
                    label(current(), one.tier),
                    of=str(one.listed),
                    note=_("{on_file} of {listed} are on file", on_file=one.on_file, listed=one.listed),
                )
                for one in coverage.lists
            ),
            Figure(
                str(sum(chain.tier is None for chain in coverage.chains)),
                _("Named, list not known"),
                note=_("a source names the chain, but not its list"),
            ),
        ]
    )


def draw_matrix(coverage: ChainCoverage) -> None:
    """Draw every chain in every city: ● centres, ◐ centres being built, ○ stations, each with its number."""
    head = Markup("").join(
        Markup('<th scope="col"><span>{}</span></th>').format(_short(pick(city.name, city.name_en)))
        for city in coverage.cities
    )
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}<td class="number">{}</td></tr>').format(
            chain_link(chain),
            Markup("").join(_cell(coverage.cell(chain.code, city.adcode), city, chain) for city in coverage.cities),
            len(coverage.gaps_of_chain(chain.code)),
        )
        for chain in coverage.chains
    )
    gaps = Markup("").join(
        Markup('<td class="number">{}</td>').format(len(coverage.gaps_of_city(city.adcode))) for city in coverage.cities
    )
    st.html(
        Markup(
            '<div class="table-wrap"><table class="matrix"><caption>{}</caption>'
            '<thead><tr><th scope="col">{}</th>{}<th scope="col"><span>{}</span></th></tr></thead>'
            '<tbody>{}</tbody><tfoot><tr><th scope="row">{}</th>{}<td></td></tr></tfoot></table></div>'
        ).format(
            _("Who serves each chain in each city"),
            _("Industrial chain"),
            head,
            _("Cities without"),
            rows,
            _("Chains without"),
            gaps,
        )
    )


def _cell(cell: Cell, city: City, chain: IndustrialChain) -> Markup:
    marks = [
        Markup("<span>{}{}</span>").format(mark, len(held))
        for mark, held in (("●", cell.centres), ("◐", cell.building), ("○", cell.stations))
        if held
    ]
    told = _(
        "{chain}, {city}: {who}",
        chain=pick(chain.name_zh, chain.name_en),
        city=pick(city.name, city.name_en),
        who=who_serves(cell, current()),
    )
    return Markup('<td class="{}" title="{}">{}</td>').format(
        f"service-{cell.service}", told, Markup(" ").join(marks) or Markup('<span class="gap">–</span>')
    )


def _short(name: str) -> str:
    return name.removesuffix("市")


class MapBy(LabelledEnum):
    """What the map of chains shades alike."""

    CITY = "city", N_("City")
    COUNTY = "county", N_("County, as far as known")


def draw_map_by() -> MapBy:
    """Draw the choice of what the map shades alike (``?by=county``), and return it."""
    titles = {one.value: label(current(), one) for one in MapBy}
    return MapBy(draw_setting("by", _("Map by"), titles, MapBy.CITY.value))


def draw_chain_map(
    session: Session, coverage: ChainCoverage, chain: IndustrialChain | None, by: MapBy, *, key: str
) -> None:
    """Draw every city or county by how well ``chain`` is served in it; without a chain, by its number of unserved
    chains.
    """
    counties = list_counties(session)
    by_county = by is MapBy.COUNTY
    if chain:
        fills, legend = (_chain_by_county if by_county else _chain_by_city)(coverage, chain, counties)
    else:
        fills, legend = (_gaps_by_county if by_county else _gaps_by_city)(coverage, counties)
    click = county_map(
        fills,
        key=key,
        title=_("Industrial chains and who serves them"),
        asked=(
            *((pick(chain.name_zh, chain.name_en),) if chain else ()),
            _("Map by: {what}", what=label(current(), by)),
            current().format_date(coverage.as_of),
        ),
        legend=legend,
        height=480,
    )
    if click:
        open_county_at(click.lon, click.lat)
    source(_(BY_COUNTY) if by is MapBy.COUNTY else _("Shaded by city: all counties of a city alike."))


Drawn = tuple[dict[str, Fill], list[LegendEntry]]


def _chain_by_city(coverage: ChainCoverage, chain: IndustrialChain, counties: list[County]) -> Drawn:
    fills = {}
    for county in counties:
        cell = coverage.cell(chain.code, county.city_adcode)
        name = pick(county.city.name, county.city.name_en)
        fills[county.adcode] = Fill(SERVICE_AREAS[cell.service], name, who_serves(cell, current()))
    return fills, _service_legend()


def _chain_by_county(coverage: ChainCoverage, chain: IndustrialChain, counties: list[County]) -> Drawn:
    fills = {}
    for one in chain_counties(coverage, chain.code, counties):
        look = NOT_KNOWN if one.service is None else SERVICE_AREAS[one.service]
        name = pick(one.county.name, one.county.name_en)
        fills[one.county.adcode] = Fill(look, name, service_in_county(one, current()))
    return fills, [*_service_legend(), LegendEntry(NOT_KNOWN, _("not known"))]


def _service_legend() -> list[LegendEntry]:
    return [LegendEntry(SERVICE_AREAS[service], service_in_words(service)) for service in reversed(Service)]


def _gaps_by_city(coverage: ChainCoverage, counties: list[County]) -> Drawn:
    gaps = {city.adcode: len(coverage.gaps_of_city(city.adcode)) for city in coverage.cities}
    step = _gap_step(coverage)
    return {
        county.adcode: Fill(
            FIGURE_AREAS[gaps[county.city_adcode] // step],
            pick(county.city.name, county.city.name_en),
            _unserved(gaps[county.city_adcode]),
        )
        for county in counties
    }, _gap_legend(coverage)


def _gaps_by_county(coverage: ChainCoverage, counties: list[County]) -> Drawn:
    step = _gap_step(coverage)
    return {
        one.county.adcode: Fill(
            FIGURE_AREAS[one.nobody // step],
            pick(one.county.name, one.county.name_en),
            _("{nobody}; not known: {unknown}", nobody=_unserved(one.nobody), unknown=one.unknown)
            if one.unknown
            else _unserved(one.nobody),
        )
        for one in gaps_by_county(coverage, counties)
    }, _gap_legend(coverage)


def _gap_step(coverage: ChainCoverage) -> int:
    """Return the width of a class of gaps: a fifth of all chains on file, on the list or off it, so that a colour means
    the same on every date.
    """
    return max(1, -(-(coverage.on_file + 1) // len(FIGURE_AREAS)))


def _gap_legend(coverage: ChainCoverage) -> list[LegendEntry]:
    step, most = _gap_step(coverage), coverage.on_file
    return [
        LegendEntry(area, _range(place * step, min((place + 1) * step - 1, most)))
        for place, area in enumerate(FIGURE_AREAS)
        if place * step <= most
    ]


def _unserved(count: int) -> str:
    return ngettext("{count} chain served by nobody", "{count} chains served by nobody", count)


def _range(low: int, high: int) -> str:
    return _unserved(low) if low == high else _("{low}–{high} chains served by nobody", low=low, high=high)


def service_in_words(service: Service) -> str:
    """Return how well a chain is served in a city or county as text."""
    return {
        Service.CENTRE: _("a centre serves it"),
        Service.STATIONS: _("stations only"),
        Service.BUILDING: _("a centre is being built"),
        Service.NONE: _("nobody"),
    }[service]


def samples_mark(cell: Cell) -> Markup | str:
    """Return a mark with the number of sample records among those that serve the chain, "" if there are none."""
    if not cell.samples:
        return ""
    return Markup("{} {}").format(sample_tag(), cell.samples)
