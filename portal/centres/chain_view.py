"""Drawing of industrial chains: the list each is on, the matrix of chains and cities, and the map of gaps."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import Figure, figures, link, page_url, sample_tag, tag
from portal.language import _, current, ngettext, pick
from portal.maps.county_map import Fill, county_map
from portal.maps.legend import LegendEntry
from portal.maps.open_county import open_county_at
from portal.theme import FIGURE_AREAS, SERVICE_AREAS
from stations.answers.chains import who_serves
from stations.catalogue.chain import ChainTier, IndustrialChain
from stations.chains.chain_coverage import Cell, ChainCoverage, Service
from stations.language import label
from stations.places.counties import City, list_counties


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


def draw_chain_map(session: Session, coverage: ChainCoverage, chain: IndustrialChain | None, *, key: str) -> None:
    """Draw every city by how well ``chain`` is served in it; without a chain, by its number of unserved chains."""
    counties = list_counties(session)
    if chain:
        cells = {city.adcode: coverage.cell(chain.code, city.adcode) for city in coverage.cities}
        styles = {adcode: SERVICE_AREAS[cell.service] for adcode, cell in cells.items()}
        told = {adcode: who_serves(cell, current()) for adcode, cell in cells.items()}
        legend = [LegendEntry(SERVICE_AREAS[service], service_in_words(service)) for service in reversed(Service)]
    else:
        gaps = {city.adcode: len(coverage.gaps_of_city(city.adcode)) for city in coverage.cities}
        step = max(1, -(-(len(coverage.chains) + 1) // len(FIGURE_AREAS)))
        styles = {adcode: FIGURE_AREAS[count // step] for adcode, count in gaps.items()}
        told = {
            adcode: ngettext("{count} chain served by nobody", "{count} chains served by nobody", count)
            for adcode, count in gaps.items()
        }
        legend = [
            LegendEntry(
                area,
                _range(place * step, min((place + 1) * step - 1, len(coverage.chains))),
            )
            for place, area in enumerate(FIGURE_AREAS)
            if place * step <= len(coverage.chains)
        ]
    click = county_map(
        {
            county.adcode: Fill(
                styles[county.city_adcode],
                pick(county.city.name, county.city.name_en),
                told[county.city_adcode],
            )
            for county in counties
        },
        key=key,
        title=_("Industrial chains and who serves them, by city"),
        asked=(
            *((pick(chain.name_zh, chain.name_en),) if chain else ()),
            current().format_date(coverage.as_of),
        ),
        legend=legend,
        height=480,
    )
    if click:
        open_county_at(click.lon, click.lat)


def _range(low: int, high: int) -> str:
    if low == high:
        return ngettext("{count} chain served by nobody", "{count} chains served by nobody", low)
    return _("{low}–{high} chains served by nobody", low=low, high=high)


def service_in_words(service: Service) -> str:
    """Return how well a chain is served in a city as text."""
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
