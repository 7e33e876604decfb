"""What the command ``address`` answers: the places that an address may mean."""

from __future__ import annotations

from geo.address import read_address
from stations.answers.answer import Answer, Question, headings_of
from stations.language import N_
from stations.province import province_name


def address(question: Question) -> Answer:
    """Every place that fits equally well, with its county and the town where one is named; read offline."""
    language = question.language
    reading = read_address(" ".join(question.options.text))
    data = [
        {
            "adcode": place.county.adcode,
            "name": place.county.name,
            "city": place.county.city,
            "town_code": place.town.code if place.town else None,
            "town": place.town.name if place.town else None,
        }
        for place in reading.places
    ]
    rows = [
        [
            place.county.adcode,
            language.pick(place.county.name, place.county.name_en),
            language.pick(place.county.city, place.county.city_en),
            language.pick(place.town.name, place.town.name_en) if place.town else None,
        ]
        for place in reading.places
    ]
    note = "" if data else language.translate(
        N_("No county or town of {province} was found in it"), province=province_name()
    )
    return Answer(data, headings_of(language, "adcode", "name", "city", "town"), rows, note)
