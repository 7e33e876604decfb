"""The indicators of the evaluation, what each counts, and the levels of evaluated units."""

from __future__ import annotations

from stations.language import N_, LabelledEnum


class UnitLevel(LabelledEnum):
    """The level of the evaluated units."""

    STATION = "station", N_("Each station")
    COUNTY = "county", N_("Each county")
    CITY = "city", N_("Each city")


class Indicator(LabelledEnum):
    """An indicator of the evaluation."""

    REQUESTS = "requests", N_("Requests")
    ANSWERED_IN_TIME = "answered_in_time", N_("Answered in time")
    DELIVERED_IN_TIME = "delivered_in_time", N_("Delivered in time")
    MEDIAN_DAYS = "median_days", N_("Median days")
    P90_DAYS = "p90_days", N_("90% within days")
    SATISFACTION = "satisfaction", N_("Satisfaction")
    REOPENED = "reopened", N_("Reopened")
    REFUSED = "refused", N_("Refused requests")
    BREADTH = "breadth", N_("Breadth")
    FIRMS = "firms", N_("Firms that filed")
    FIRMS_PER_1000 = "firms_per_1000", N_("Firms per 1,000")
    VISITS = "visits", N_("Visits on site")
    URGED_LATE = "urged_late", N_("Urgings answered late")


INDICATORS: dict[Indicator, str] = {
    Indicator.REQUESTS: N_("Requests filed in the period"),
    Indicator.ANSWERED_IN_TIME: N_(
        "Share taken on, asked about or refused by the day due, of those whose answer was due in the period"
    ),
    Indicator.DELIVERED_IN_TIME: N_("Share of services delivered by the day due, of those due in the period"),
    Indicator.MEDIAN_DAYS: N_("Working days from acceptance to delivery: half of the services took no longer"),
    Indicator.P90_DAYS: N_("Working days from acceptance to delivery: nine of ten services took no longer"),
    Indicator.SATISFACTION: N_("Mean of the firms' overall grades, 1 to 5, given in the period"),
    Indicator.REOPENED: N_("Services reopened by firms in the period for each service delivered in it"),
    Indicator.REFUSED: N_("Share refused, of the requests filed in the period"),
    Indicator.BREADTH: N_("Different services delivered in the period"),
    Indicator.FIRMS: N_("Different firms that filed in the period"),
    Indicator.FIRMS_PER_1000: N_(
        "Firms of the area that filed with any station in the period, for each 1,000 firms of the area"
    ),
    Indicator.VISITS: N_("Visits on site that the stations recorded in the period"),
    Indicator.URGED_LATE: N_(
        "Share answered late or not at all, of the urgings by offices whose answer was due in the period"
    ),
}
"""What each indicator counts."""
