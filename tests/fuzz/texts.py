"""Texts as people write them, and as nobody should."""

from __future__ import annotations

from hypothesis import strategies as st

_INVISIBLE = ("", " ", "\u3000", "\0", "\ud800", "\u202e", "\ufeff", "\u200b", "\u00a0", "\r\n", "\t", "\U0001f600")
_SIGNS = """' " ; -- { {x} % %s \\ / ../ <b> =1+1 NaN inf -inf 1e999 -0 ٣ ３ Ⅷ ㈠ ½ ² 𝟙
零 〇 百 万 亿 两 半 廿 。 ， 、 － — ～ ： （ ） ｜ …"""
ODD = (*_INVISIBLE, *_SIGNS.split())

_WORDS = {
    "hours": """周一 周五 周一至周五 每天 节假日 除外 上午 下午 8 9:00 17:30 24:00 25:61 8点半 - 至 ～ Mo Mo-Fr PH
        off 24/7 , ; 夏季 5月1日 10月 一、三、五 单双周 中午休息""",
    "phone": """0512 025 - 57300000 13912345678 +86 86 ( ) 转 ext 801 400 800-820 / 、 电话： 手机 00000000 １３９
        0512－5730 0000 传真 12345 96333""",
    "code": "91320583MA 0TEXT00 1 I O Z S V 91320583MA0TEXT001 ９１ - 统一社会信用代码：",
    "email": "a @ . b.c 例 .. < > , mailto: xn-- a@b.cn 用户@例子.中国 ＠",
    "date": """2026 2024-02-29 2023-02-29 - / . 年 月 日 13 00 31 二〇二四年 民国 令和 约 上旬 中旬 底 初 春 45000
        1900-01-00 0001-01-01 9999-12-31 T 09:00 +08:00 Z 24:00""",
    "number": "1 0 , . - + e 1,234.5 １２ 十二 三百 % 万元 ∞ 0x10 1_000 約",
    "degrees": """120.98 31.38 ° ′ ″ 度 分 秒 N E 北纬 东经 , ， - 181 91 W S wgs84 GCJ-02 bd09 百度 高德 火星 米
        13467000 POINT( )""",
    "address": """江苏省 苏州市 昆山市 前进西路 1号 鼓楼区 市辖区 北京市 通州区 玉山镇 工业园区 高新区 开发区
        省 市 县 区 镇 街道 村 组 号 室 320583 吳江 蘇州 Kunshan Suzhou""",
    "query": """校准 检测 压力表 认证 计量 怎么 办 食品 iso9001 3C ccc 标准 专利 jiaozhun calibration test 电梯 价格
        不要 和 或 ? ？ 三坐标 CNAS""",
}
KINDS = tuple(_WORDS)


def text_of(kind: str) -> st.SearchStrategy[str]:
    """Return texts put together from the words of a kind and odd signs, or of any signs; some are long."""
    words = tuple(_WORDS[kind].split())
    pieces = st.lists(st.sampled_from(words * 3 + ODD), max_size=9).map("".join)
    separated = st.lists(st.sampled_from(words + ODD), max_size=6).map(" ".join)
    return st.one_of(pieces, separated, pieces, st.text(max_size=40), pieces.map(lambda text: (text * 400)[:9000]))


ANY_TEXT = st.one_of(*(text_of(kind) for kind in KINDS))
