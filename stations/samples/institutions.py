"""Invented institutions for the sample network: they do the work behind the sample stations.

Their scopes are written like real scopes of accreditation: real parameters, ranges and numbers of standards, for
bodies and certificates that do not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.catalogue.service import get_services
from stations.language import day_in_china
from stations.places.counties import City, list_counties
from stations.province import sample_facts
from stations.registry.centre import Centre, Stage
from stations.registry.institutions import Institution, InstitutionKind, ScopeEntry, StationInstitution
from stations.registry.station import Station
from stations.samples.stations import SOURCE, offered_codes

AS_CENTRES = 14  # how many of the sample centres are also institutions
LAPSED_EVERY, ENDING_EVERY = 17, 11  # every so many entries has expired, or soon will


@dataclass(frozen=True)
class Line:
    """A line of scope: service, product or parameter, range, standard."""

    service: str
    zh: str
    en: str
    range: str | None = None
    standard: str | None = None


METROLOGY = (
    Line("metrology.compulsory_verification", "一般压力表", "Pressure gauges", "(-0.1～60) MPa", "JJG 52-2013"),
    Line("metrology.compulsory_verification", "非自行指示秤", "Non-self-indicating scales", "≤3 t", "JJG 14-2016"),
    Line("metrology.compulsory_verification", "数字指示秤", "Digital weighing scales", "≤150 t", "JJG 539-2016"),
    Line("metrology.compulsory_verification", "膜式燃气表", "Diaphragm gas meters", "(0.016～16) m³/h", "JJG 577-2012"),
    Line("metrology.compulsory_verification", "燃油加油机", "Fuel dispensers", "(5～50) L/min", "JJG 443-2023"),
    Line("metrology.calibration", "通用卡尺", "Callipers", "(0～500) mm", "JJG 30-2012"),
    Line("metrology.calibration", "千分尺", "Micrometers", "(0～300) mm", "JJG 21-2008"),
    Line("metrology.calibration", "电子天平", "Electronic balances", "1 mg～30 kg", "JJG 1036-2022"),
    Line("metrology.calibration", "环境试验设备", "Environmental test chambers", "(-70～180) ℃", "JJF 1101-2019"),
    Line("metrology.calibration", "拉力、压力和万能试验机", "Tensile testing machines", "10 N～1 MN", "JJG 139-2014"),
    Line("metrology.measurement_testing", "温度场均匀性测试", "Temperature uniformity", "(0～300) ℃", "JJF 1101-2019"),
    Line("metrology.measurement_standards", "压力计量标准装置", "Pressure standard", "(-0.1～60) MPa", "JJF 1033-2023"),
    Line("metrology.instrument_ledger", "强检计量器具", "Instruments under compulsory verification"),
)
TESTING = (
    Line("testing.materials_testing", "金属材料室温拉伸", "Tensile test of metals", "≤600 kN", "GB/T 228.1-2021"),
    Line("testing.materials_testing", "金属布氏硬度", "Brinell hardness of metals", "(8～650) HBW", "GB/T 231.1-2018"),
    Line("testing.materials_testing", "碳素钢和中低合金钢成分", "Composition of steel", None, "GB/T 4336-2016"),
    Line("testing.product_testing", "电线电缆绝缘", "Insulation of cables", "≤450/750 V", "GB/T 5023.2-2008"),
    Line("testing.product_testing", "纺织产品甲醛、pH 值", "Formaldehyde and pH of textiles", None, "GB 18401-2010"),
    Line("testing.product_testing", "玩具机械与物理性能", "Mechanical safety of toys", None, "GB 6675.2-2014"),
    Line("testing.commissioned_testing", "塑料拉伸性能", "Tensile properties of plastics", None, "GB/T 1040.2-2022"),
    Line("testing.building_materials_testing", "通用硅酸盐水泥", "Portland cement", None, "GB 175-2023"),
    Line("testing.building_materials_testing", "热轧带肋钢筋", "Ribbed reinforcing bars", None, "GB/T 1499.2-2024"),
    Line("testing.instrument_sharing", "扫描电子显微镜", "Scanning electron microscope", "×(20～300000)"),
)
FOOD = (
    Line("testing.food_testing", "食品中铅", "Lead in food", None, "GB 5009.12-2023"),
    Line("testing.food_testing", "食品菌落总数", "Plate count of food", None, "GB 4789.2-2022"),
    Line("testing.food_testing", "食品中苯甲酸、山梨酸和糖精钠", "Preservatives in food", None, "GB 5009.28-2016"),
    Line("testing.agricultural_testing", "蔬菜水果农药残留", "Pesticide residues", None, "GB 23200.113-2018"),
    Line("testing.agricultural_testing", "大米镉", "Cadmium in rice", None, "GB 5009.15-2023"),
)
RELIABILITY = (
    Line("testing.reliability_environment_emc", "低温试验", "Cold test", "≥-70 ℃", "GB/T 2423.1-2008"),
    Line("testing.reliability_environment_emc", "恒定湿热试验", "Damp heat", "(20～98) %RH", "GB/T 2423.3-2016"),
    Line("testing.reliability_environment_emc", "静电放电抗扰度", "Immunity to ESD", "≤30 kV", "GB/T 17626.2-2018"),
    Line("testing.reliability_environment_emc", "辐射骚扰", "Radiated emission", "30 MHz～6 GHz", "GB/T 9254.1-2021"),
    Line("testing.first_set_assessment", "首台（套）装备可靠性", "Reliability of first-set equipment"),
    Line("metrology.type_evaluation", "工作用计量器具型式评价", "Type evaluation", None, "JJF 1015-2014"),
)
CERTIFICATION = (
    Line("certification.quality_management_system", "质量管理体系", "Quality management", None, "GB/T 19001-2016"),
    Line("certification.other_management_systems", "环境管理体系", "Environmental management", None, "GB/T 24001-2016"),
    Line("certification.other_management_systems", "职业健康安全", "Occupational health", None, "GB/T 45001-2020"),
    Line("certification.food_safety_haccp", "危害分析与关键控制点", "HACCP", None, "GB/T 27341-2009"),
    Line("certification.ccc", "小功率电动机", "Small-power motors", None, "GB/T 12350-2022"),
    Line("certification.green_product", "绿色建材", "Green building materials", None, "GB/T 35603-2017"),
    Line("certification.high_end_quality", "家用纺织品", "Household textiles"),
    Line("certification.organic_product", "有机植物生产", "Organic crops", None, "GB/T 19630-2019"),
)
LABORATORY_ADVICE = (
    Line("certification.cma_consulting", "检验检测机构资质认定", "Approval of testing bodies", None, "RB/T 214-2017"),
    Line("certification.cnas_consulting", "实验室认可", "Laboratory accreditation", None, "GB/T 27025-2019"),
)
STANDARDS = (
    Line("standards.lookup", "国内外标准题录与文本", "Standards of China and abroad"),
    Line("standards.enterprise_self_declaration", "企业标准编写与公开", "Enterprise standards", None, "GB/T 1.1-2020"),
    Line("standards.association_standard", "团体标准", "Association standards", None, "GB/T 20004.1-2016"),
    Line("standards.local_standard", "地方标准", "Local standards"),
    Line("standards.national_international_standard", "国家和国际标准", "National and international standards"),
    Line("standards.benchmarking", "对标达标", "Benchmarking"),
    Line("standards.pilot_demonstration", "标准化试点示范", "Standardization pilots"),
)
PROPERTY = (
    Line("intellectual_property", "商标、专利和地理标志", "Trademarks, patents, geographical indications"),
    Line("branding", "品牌评价与培育", "Brand evaluation and development"),
)
FINANCE = (Line("quality_finance", "质量融资增信与质量保险", "Credit by quality, and quality insurance"),)

IN_EACH_CITY = (
    (InstitutionKind.METROLOGY, "计量测试机构", "Metrology Institute", METROLOGY),
    (InstitutionKind.TESTING, "产品质量检验机构", "Product Testing Institute", (*TESTING, *LABORATORY_ADVICE)),
    (InstitutionKind.TESTING, "食品检验机构", "Food Testing Institute", FOOD),
)
IN_THE_PROVINCE = (
    (InstitutionKind.TESTING, "可靠性与电磁兼容实验室", "Reliability and EMC Laboratory", RELIABILITY),
    (InstitutionKind.CERTIFICATION, "认证机构甲", "Certification Body A", CERTIFICATION),
    (InstitutionKind.CERTIFICATION, "认证机构乙", "Certification Body B", CERTIFICATION[:4]),
    (InstitutionKind.STANDARDS, "标准化机构", "Standards Institute", STANDARDS),
    (InstitutionKind.INTELLECTUAL_PROPERTY, "知识产权与品牌服务机构", "IP and Brand Service", PROPERTY),
    (InstitutionKind.FINANCE, "质量金融服务机构", "Quality Finance Service", FINANCE),
)
OF_A_CENTRE = {"quality_inspection": TESTING, "metrology": METROLOGY, "industrial_metrology": METROLOGY}
ACCREDITED = {InstitutionKind.METROLOGY, InstitutionKind.TESTING, InstitutionKind.CENTRE}


def add_sample_institutions(session: Session, chance: Random, stations: Sequence[Station], now: datetime) -> None:
    """Add about 60 institutions, and link them to the stations that offer what they can do.

    Each station is linked to those of its own city, the province's, and the centres of its chains.
    """
    today = day_in_china(now)
    city_of = {county.city_adcode: county.city for county in list_counties(session)}
    institutions = [
        _institution(number, kind, city, (f"{city.name}{name}", f"{city.name_en} {name_en}"), lines, chance, now)
        for number, (city, (kind, name, name_en, lines)) in enumerate(
            ((city, row) for city in city_of.values() for row in IN_EACH_CITY), start=1
        )
    ]
    province, seat = province_in_use(), sample_facts().seat
    for kind, name, name_en, lines in IN_THE_PROVINCE:
        names = (f"{province.name}{name}", f"{province.name_en} {name_en}")
        institutions.append(_institution(len(institutions) + 1, kind, city_of[seat], names, lines, chance, now))
    provincial = set(institutions[-len(IN_THE_PROVINCE) :])
    centres = session.scalars(select(Centre).where(Centre.sample).order_by(Centre.code))
    working = [centre for centre in centres if centre.history and centre.history[-1].stage is Stage.ACCEPTED]
    for centre in working[:AS_CENTRES]:
        institutions.append(_of_centre(len(institutions) + 1, centre, chance, now))
    session.add_all(institutions)
    session.flush()
    for station in stations:
        groups = {service.group_code for service in get_services(session, offered_codes(station, today))}
        chains = {chain.code for chain in station.chains}
        for institution in institutions:
            near = institution in provincial or institution.city_adcode == station.city_adcode
            of_chain = institution.centre is not None and chains & {chain.code for chain in institution.centre.chains}
            able = {line.service_code.split(".")[0] for line in institution.scope} & groups
            if able and (of_chain or (near and institution.centre is None)):
                session.add(StationInstitution(station_id=station.id, institution_id=institution.id))
    session.flush()


def _institution(
    number: int,
    kind: InstitutionKind,
    city: City,
    names: tuple[str, str],
    lines: Sequence[Line],
    chance: Random,
    now: datetime,
) -> Institution:
    return Institution(
        code=f"SAMPLE-I-{number:03d}",
        name=f"示例·{names[0]}",
        name_en=f"Sample: {names[1]}",
        kind=kind,
        city_adcode=city.adcode,
        phone=f"{sample_facts().telephone[city.adcode]}-5551 {number:04d}",
        source=SOURCE,
        sample=True,
        created_at=now,
        updated_at=now,
        scope=_scope(number, kind, lines, chance, day_in_china(now)),
    )


def _of_centre(number: int, centre: Centre, chance: Random, now: datetime) -> Institution:
    return Institution(
        code=f"SAMPLE-I-{number:03d}",
        name=centre.name,
        name_en=centre.name_en,
        kind=InstitutionKind.CENTRE,
        centre=centre,
        city_adcode=centre.city_adcode,
        county_adcode=centre.county_adcode,
        address=centre.address,
        phone=f"{sample_facts().telephone[centre.city_adcode]}-5551 {number:04d}",
        source=SOURCE,
        sample=True,
        created_at=now,
        updated_at=now,
        scope=_scope(number, InstitutionKind.CENTRE, OF_A_CENTRE[centre.kind], chance, day_in_china(now)),
    )


def _scope(number: int, kind: InstitutionKind, lines: Sequence[Line], chance: Random, today: date) -> list[ScopeEntry]:
    """Return the lines as scope entries. Those with a standard are certified if the kind of body allows it: most for
    years, a few expired or expiring soon.
    """
    month = today.replace(day=28)
    entries = []
    for position, line in enumerate(lines):
        certified = kind in ACCREDITED and line.standard is not None
        began = date(today.year - chance.randint(2, 4), chance.randint(1, 12), 1)
        ends = began.replace(year=began.year + 6)
        turn = number + position
        if turn % LAPSED_EVERY == 0:
            ends = month - relativedelta(months=chance.randint(1, 8))
        elif turn % ENDING_EVERY == 0:
            ends = month + relativedelta(months=chance.randint(2, 4))
        entries.append(
            ScopeEntry(
                position=position,
                service_code=line.service,
                subject_zh=line.zh,
                subject_en=line.en,
                range=line.range,
                standard=line.standard,
                cma_number=f"SAMPLE-{number:03d}" if certified and kind is not InstitutionKind.METROLOGY else None,
                cnas_number=f"SAMPLE-L{number:03d}" if certified else None,
                valid_from=began if certified else None,
                valid_until=ends if certified else None,
            )
        )
    return entries
