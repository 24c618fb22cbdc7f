"""Measures of GB/T 9704-2012 (lengths in millimetres, sizes in points)."""

from math import floor

PAGE_WIDTH, PAGE_HEIGHT = 210, 297
"""A4 (5.1)."""

TOP, LEFT = 37, 28
"""天头 37 mm, 订口 28 mm (5.2.1)."""

WIDTH, HEIGHT = 156, 225
"""版心 156 mm by 225 mm (5.2.1)."""

RIGHT, BOTTOM = PAGE_WIDTH - LEFT - WIDTH, PAGE_HEIGHT - TOP - HEIGHT

LINES, CHARACTERS = 22, 28
"""22 lines a page, 28 characters a line (5.2.3)."""

TITLE_SIZE, BODY_SIZE, NUMBER_SIZE, MARK_SIZE = 22, 16, 14, 36
"""2号 for the title (7.3.1), 3号 for the body (5.2.2), 4号 for page numbers (7.5); the mark is at will (7.2.4)."""

POINTS_A_MM = 72 / 25.4
LINE_POINTS = floor(HEIGHT * POINTS_A_MM / LINES * 100) / 100
CHARACTER_POINTS = floor(WIDTH * POINTS_A_MM / CHARACTERS * 100) / 100
"""Rounded down, so that the last line and the last character still fit."""

TITLE_FONTS = ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "小标宋")
BODY_FONTS = ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong")
BOLD_FONTS = ("黑体", "SimHei")
KAI_FONTS = ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi")
NUMBER_FONTS = ("宋体", "SimSun")
"""The fonts the standard names, first choice first."""


def heading_fonts(level: int) -> tuple[str, ...]:
    """The fonts of a heading: 黑体, 楷体, then 仿宋 (7.3.3)."""
    return {1: BOLD_FONTS, 2: KAI_FONTS}.get(level, BODY_FONTS)
