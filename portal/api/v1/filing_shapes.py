"""The JSON that files a request, and that of its receipt."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from stations.language import LanguageCode
from stations.readers.dates import read_day
from stations.requests.request_form import RequestForm

MOST_SERVICES = 40


class Shape(BaseModel):
    """A body: no other fields, and no value is taken for one of another kind."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Told(BaseModel):
    """An answer, or a part of it."""

    model_config = ConfigDict(extra="forbid")


def described(english: str, chinese: str, example: Any = None, **options: Any) -> Any:
    """Return the field of a shape with its description in both languages."""
    if example is not None:
        options["examples"] = [example]
    return Field(description=f"{english} {chinese}", **options)


Code = Annotated[str, Field(max_length=80)]


class WantedService(Shape):
    """One service of a request. 申请的一项服务。"""

    service: Code = described("Code of the service.", "服务编码。", "metrology.calibration")
    quantity: str = described("How many, in words.", "数量。", "24 台", default="", max_length=200)
    remarks: str = described("Remarks on this service.", "备注。", default="", max_length=4000)


class Part(Shape):
    """What one of several stations is to do. 由其中一个站点承担的部分。"""

    station_code: Code = described("Code of the station.", "站点编码。")
    services: list[Code] = described("Codes of its services.", "服务编码。", max_length=MOST_SERVICES)


class Place(Shape):
    """The firm's place, WGS-84. 企业所在位置（WGS-84）。"""

    lon: float = described("Longitude in degrees.", "经度。", ge=-180, le=180)
    lat: float = described("Latitude in degrees.", "纬度。", ge=-90, le=90)


class NewRequest(Shape):
    """A request of a firm. 企业的服务申请。"""

    services: list[WantedService] = described(
        "The services asked for.", "申请的服务。", min_length=1, max_length=MOST_SERVICES
    )
    firm_name: str = described("Name of the firm.", "企业名称。", "测试精密机械有限公司", max_length=500)
    credit_code: str = described(
        "Unified social credit code (GB 32100-2015), 18 characters.", "统一社会信用代码。", max_length=80
    )
    credit_code_as_printed: bool = described(
        "The code is printed so on the licence, though its check character is wrong.",
        "营业执照上确实如此，尽管校验位不符。",
        default=False,
    )
    contact_name: str = described("Whom the station asks for.", "联系人。", "王测试", max_length=500)
    phone: str = described("Telephone of the contact.", "联系电话。", "13900001234", max_length=200)
    email: str = described("E-mail address of the contact.", "电子邮箱。", default="", max_length=400)
    county: str = described(
        "County the firm is in: adcode or name.", "企业所在县（市、区）：行政区划代码或名称。", max_length=80
    )
    place: Place | None = described("The firm's place, where it is known.", "企业位置。", default=None)
    product: str = described("Product or instrument concerned.", "涉及的产品或器具。", "数控机床主轴", max_length=1000)
    description: str = described("What it is about.", "情况说明。", default="", max_length=16000)
    wanted_on: str | None = described(
        "The day by which it is wanted, today or later.", "希望完成的日期。", default=None, max_length=40
    )
    on_site: bool = described("The firm asks to be visited.", "希望上门服务。", default=False)
    chain_code: str = described("Code of the industrial chain.", "产业链编码。", default="", max_length=80)
    station_code: str = described(
        "Code of the station that is to answer; without it the best by the routing rules.",
        "指定的站点编码；不填则按规则分派。",
        default="",
        max_length=80,
    )
    split_agreed: bool = described(
        "The firm agrees that a part is done through another station.", "同意部分服务由其他站点承担。", default=False
    )
    parts: list[Part] = described(
        "Several stations and what each is to do, as the routing proposes; each part is a request of its own.",
        "由几个站点分别承担时各自的服务。",
        default=[],
        max_length=MOST_SERVICES,
    )
    despite_duplicate: bool = described(
        "File it though a similar request of the firm is open.", "虽有类似申请未办结，仍要提交。", default=False
    )
    notice_channel: str = described(
        "Channel for notices of each step; empty for none.", "进度通知方式；空为不通知。", default="", max_length=40
    )
    notice_address: str = described(
        "Where notices go; empty for the firm's own telephone or e-mail address.",
        "通知地址；空为上面的电话或邮箱。",
        default="",
        max_length=1000,
    )
    language: str | None = described(
        "Language of the notices; by default that of this request.", "通知的语言。", default=None, max_length=20
    )
    consent: bool = described("The firm agrees to the text of `GET /requests/consent`.", "同意个人信息处理告知。", True)
    consent_version: str = described(
        "The version of the text that the firm agrees to.", "所同意告知书的版本。", max_length=40
    )

    def form(self, county_adcode: str, language: LanguageCode) -> RequestForm:
        """Return the form as the domain takes it.

        Raises:
            InvalidInput: ``wanted_on`` is no day.
        """
        given = self.model_dump(
            exclude={"services", "county", "place", "wanted_on", "parts", "language", "consent_version"}
        )
        return RequestForm(
            **given,
            services=tuple(one.service for one in self.services),
            quantities={one.service: one.quantity for one in self.services if one.quantity},
            remarks={one.service: one.remarks for one in self.services if one.remarks},
            county_adcode=county_adcode,
            lon=self.place.lon if self.place else None,
            lat=self.place.lat if self.place else None,
            wanted_on=read_day("wanted_on", self.wanted_on) if self.wanted_on else None,
            language=language,
            parts=tuple((part.station_code, tuple(part.services)) for part in self.parts),
        )


class Receipt(Told):
    """What a firm keeps of a request it filed. 申请回执。"""

    number: str = described("The tracking number.", "受理编号。", "Q261124-0A1B2C")
    code: str | None = described(
        "The secret code. It is told here only, and again to the same idempotency key for 24 hours; null once another "
        "one has taken its place.",
        "查询码：仅在此给出；24 小时内以同一幂等键重发可再次得到；已更换则为 null。",
        "7K3QM9X2TB",
    )
    parts: list[str] = described("Numbers of further parts; the same code opens them.", "其他部分的受理编号。")
    station: str = described("Code of the station that answers.", "受理站点编码。")
    filed_at: str = described("When it was filed.", "提交时间。", json_schema_extra={"format": "date-time"})
    sample: bool = described("The station is invented: nobody answers for real.", "示例数据，不会真正办理。")


class Consent(Told):
    """The text that a firm agrees to. 个人信息处理告知。"""

    version: str = described("Version, which is stored with the request.", "版本。")
    text: str = described("The text, in the language of the answer.", "正文。")
    text_zh: str = described("The text in Chinese.", "中文。")
    text_en: str = described("The text in English.", "英文。")


class RoutedService(Told):
    """Who would do one service. 一项服务由谁承担。"""

    service: str
    institution: str | None
    standing: str | None
    partner_station: str | None
    unsure: bool


class WeighedFactor(Told):
    """One factor of the routing. 分派因素。"""

    factor: str
    value: float | None
    weight: float
    score: float


class RoutedStation(Told):
    """A station that would answer. 可受理的站点。"""

    station_code: str
    name: str
    county_adcode: str | None
    proposed: bool = described("The one that the rules would choose.", "按规则推荐。")
    sample: bool
    score: float = described("0 to 1, by the factors.", "0～1，由各因素加权。")
    distance_m: int | None
    factors: list[WeighedFactor]
    split: bool = described("A part is done through another station: `split_agreed`.", "部分由其他站点承担。")
    steward: bool = described("A steward would answer; else an office.", "有质量管家受理，否则由上级部门受理。")
    office: str | None
    services: list[RoutedService]


class RoutedPart(Told):
    """A part for one of several stations. 分由几个站点承担时的一部分。"""

    station_code: str
    name: str
    services: list[str]
    sample: bool


class Routing(Told):
    """Where a request would go. 申请将派往何处。"""

    stations: list[RoutedStation] = described("To choose from, the best first.", "可选站点，最合适者在前。")
    parts: list[RoutedPart] = described("Several stations that do it together: `parts`.", "可分由几个站点承担。")
    problem: str | None = described("Why nobody can answer.", "无法分派的原因。")
    own_problem: str | None = described("Why the station asked about can't.", "指定站点不能受理的原因。")
