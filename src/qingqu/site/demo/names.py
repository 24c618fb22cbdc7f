"""Names for a district that does not exist: people, places and companies drawn from common characters.

Every name is a chance combination; a match with a real person, school or company is a coincidence. Company codes lie
in a region number that is not assigned, with correct check digits, so that a check passes and nobody is meant.
"""
# ruff: noqa: PLR2004 - the figures of an invented world stand where they are used

import numpy as np
from numpy.random import Generator

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""Common surnames, the most common first."""

GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰英华玉萍红文清春林海云波宁婷雪琳晨阳宇浩欣怡佳梦瑶俊博睿泽涵"
    "子轩思雨若彤嘉志鹏建国立新慧珍莉梅玲秀兴荣德永福安康乐和正诚信义礼仁庆祥瑞景辰昊然可凡一帆远航凯旋维"
)
"""Characters common in given names."""

PLACES = (
    "柳溪", "桐湾", "竹坪", "青石", "云岭", "松涧", "荷塘", "梅林", "枫桥", "白鹤",
    "龙泉井", "石板坡", "杏花", "芦花", "银杏", "渔洲", "望江台", "月亮湾", "红岩沟", "古渡",
    "双河口", "茶园", "橘乡", "东篱", "北亭", "南屏", "西渠", "桃源坝", "鹿鸣", "麦田",
    "稻香", "春晖", "晨曦", "映山", "澄湖", "听泉", "半山", "长堤", "新桥头", "水车",
    "花溪里", "碧潭", "岩口", "锦绣里", "朝阳沟", "和平里", "友谊路", "清风", "书香里", "知行",
)  # fmt: skip
"""Place words for the district's schools."""

COMPANY_WORDS = "恒晟瑞禾启明源泰润佳德汇金盛华宏博远景安信达嘉利百川天合众诚正辉卓越新创益民康顺丰乐同惠聚优"
"""Characters companies like in their names."""

TRADES: dict[str, tuple[str, ...]] = {
    "FOOD": ("农产品", "粮油", "食品", "生鲜配送"),
    "GOODS": ("文化用品", "办公设备", "教学仪器", "家具"),
    "DIGITAL": ("信息技术", "网络科技", "智能科技"),
    "WORKS": ("建筑工程", "装饰工程", "园林绿化"),
    "SERVICE": ("物业服务", "保安服务", "印务", "教育咨询"),
    "UTILITY": ("供电", "供水", "燃气", "通信"),
}
"""What a supplier of each trade calls its business."""

REGION = "990099"
"""A region number that is not assigned."""

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def person_names(generator: Generator, count: int) -> list[str]:
    """``count`` names of two or three characters; the common surnames come up more often."""
    ranks = 1.0 / (8.0 + np.arange(len(SURNAMES)))
    families = generator.choice(list(SURNAMES), size=count, p=ranks / ranks.sum())
    first = generator.choice(list(GIVEN), size=count)
    second = generator.choice(list(GIVEN), size=count)
    is_long = generator.random(count) < 0.82
    return [
        f"{family}{one}{two if has_two else ''}"
        for family, one, two, has_two in zip(families, first, second, is_long, strict=True)
    ]


def company_names(generator: Generator, trade: str, count: int) -> list[str]:
    """``count`` different company names of one trade of ``TRADES``."""
    found: dict[str, None] = {}
    while len(found) < count:
        one, two = generator.choice(list(COMPANY_WORDS), size=2, replace=False)
        business = TRADES[trade][int(generator.integers(len(TRADES[trade])))]
        found[f"清源{one}{two}{business}有限公司"] = None
    return list(found)


def organisation_code(base: str) -> str:
    """The nine characters of an organisation code from its first eight."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(base, _ORGANISATION_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return base + {10: "X", 11: "0"}.get(rest, str(rest))


def with_check_digit(body: str) -> str:
    """The eighteen characters of a social credit code from its first seventeen."""
    total = sum(_USCC.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]


def uscc(number: int) -> str:
    """The social credit code of company ``number`` (0 to 99,999,999) in the region nobody has. Law: DT-01."""
    return with_check_digit(f"91{REGION}{organisation_code(f'{number:08d}')}")
