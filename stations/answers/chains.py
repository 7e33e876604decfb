"""What the command ``chains`` answers."""

from __future__ import annotations

from stations.answers.answer import Answer, Question, headings_of, sample_note
from stations.chains.chain_coverage import chain_coverage
from stations.database import reading
from stations.language import N_, label
from stations.province import province_name


def chains(question: Question) -> Answer:
    """The chains on the list, who serves each, and where nobody does."""
    language = question.language
    with reading(question.engine) as session:
        answer = chain_coverage(session, question.as_of, samples=question.samples)
    cells = {chain.code: answer.of_chain(chain.code) for chain in answer.chains}
    gaps = {chain.code: answer.gaps_of_chain(chain.code) for chain in answer.chains}
    data = {
        "as_of": answer.as_of.isoformat(),
        "lists": [{"tier": one.tier.value, "on_file": one.on_file, "listed": one.listed} for one in answer.lists],
        "without_list": sum(chain.tier is None for chain in answer.chains),
        "chains": [
            {
                "code": chain.code,
                "name_zh": chain.name_zh,
                "name_en": chain.name_en,
                "tier": chain.tier.value if chain.tier else None,
                "source": chain.source,
                "centres": [one.code for one in cells[chain.code].centres],
                "building": [one.code for one in cells[chain.code].building],
                "stations": [one.code for one in cells[chain.code].stations],
                "samples": cells[chain.code].samples,
                "gaps": [city.adcode for city in gaps[chain.code]],
            }
            for chain in answer.chains
        ],
    }
    rows = [
        [
            chain.code,
            language.pick(chain.name_zh, chain.name_en),
            label(language, chain.tier) if chain.tier else None,
            len(cells[chain.code].centres),
            len(cells[chain.code].building),
            len(cells[chain.code].stations),
            len(gaps[chain.code]),
        ]
        for chain in answer.chains
    ]
    on_file = "; ".join(
        language.translate(
            N_("{list}: {on_file} of {listed} on file"),
            list=label(language, one.tier),
            on_file=one.on_file,
            listed=one.listed,
        )
        for one in answer.lists
    )
    if not answer.chains:
        on_file = language.translate(
            N_("No chain is on file for {province}: no policy with lists is, and the province has added none"),
            province=province_name(),
        )
    note = "\n".join(filter(None, (on_file, sample_note(language, sum(cell.samples for cell in cells.values())))))
    headings = headings_of(language, "code", "name", "tier", "centres", "building", "stations", "gaps")
    return Answer(data, headings, rows, note)
