"""Checks of codes: they warn and never block, because real codes that fail their check digit exist."""

from datetime import date

from qingqu.engines.statutes.types import Citation

# GB 32100-2015: the alphabet leaves out I, O, S, V and Z; weights are powers of 3 modulo 31.
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_LENGTH = 18
_USCC_BASE, _USCC_FACTOR = 31, 3
# GB 11643-1999: weights 2^(18-i) modulo 11, the check characters in the order of the remainder.
_ID_CHECK = "10X98765432"
_ID_LENGTH = 18
_ID_BASE = 11
# 学校(机构)标识码: two digits of kind, then province and serial number.
_SCHOOL_LENGTH = 10
SCHOOL_KINDS = {
    "11": ("幼儿园", "kindergarten"),
    "21": ("小学", "primary school"),
    "22": ("成人小学", "adult primary school"),
    "31": ("普通初中", "junior middle school"),
    "32": ("职业初中", "vocational junior middle school"),
    "33": ("成人初中", "adult junior middle school"),
    "34": ("普通高中（完全中学）", "senior or complete middle school"),
    "35": ("成人高中", "adult senior middle school"),
    "36": ("中等职业学校", "secondary vocational school"),
    "37": ("工读学校", "special youth school"),
    "41": ("普通高校", "university or college"),
    "42": ("成人高校", "adult higher education"),
    "51": ("特殊教育", "special education school"),
    "91": ("培养研究生的科研机构", "research institute with graduate training"),
    "92": ("民办其他高等教育机构", "other private higher education"),
    "93": ("中等职业培训机构", "secondary vocational training"),
}

Warnings = tuple[Citation, ...]


def _warn(zh: str, en: str) -> Citation:
    return Citation(zh, en, shows_article=False)


def check_uscc(code: str) -> Warnings:
    """What looks wrong about a 统一社会信用代码; empty when nothing does.

    Law: DT-01 (rulebook).
    """
    text = code.strip().upper()
    if len(text) != _USCC_LENGTH:
        return (_warn("统一社会信用代码应为18位。", "a unified social credit code has 18 characters"),)
    if any(letter not in _USCC for letter in text):
        return (_warn("统一社会信用代码含有不应出现的字符。", "the code holds a character that is not allowed"),)
    total = sum(_USCC.index(letter) * pow(_USCC_FACTOR, place, _USCC_BASE) for place, letter in enumerate(text[:-1]))
    if _USCC[-total % _USCC_BASE] != text[-1]:
        return (
            _warn("统一社会信用代码校验位不符，请核对。", "the code's check character does not fit; please compare"),
        )
    return ()


def check_resident_id(code: str) -> Warnings:
    """What looks wrong about a resident id number; empty when nothing does."""
    text = code.strip().upper()
    if len(text) != _ID_LENGTH or not text[:-1].isascii() or not text[:-1].isdigit():
        return (_warn("公民身份号码应为17位数字加1位校验码。", "a resident id has 17 digits and a check character"),)
    try:
        date.fromisoformat(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    except ValueError:
        return (_warn("公民身份号码中的出生日期不存在。", "the date of birth in the number does not exist"),)
    total = sum(int(digit) * pow(2, _ID_LENGTH - 1 - place, _ID_BASE) for place, digit in enumerate(text[:-1]))
    if _ID_CHECK[total % _ID_BASE] != text[-1]:
        return (_warn("公民身份号码校验码不符，请核对。", "the number's check character does not fit; please compare"),)
    return ()


def check_school_code(code: str) -> Warnings:
    """What looks wrong about a 学校(机构)标识码; empty when nothing does."""
    text = code.strip()
    if len(text) != _SCHOOL_LENGTH or not text.isascii() or not text.isdigit():
        return (_warn("学校标识码应为10位数字。", "a school code has 10 digits"),)
    if text[:2] not in SCHOOL_KINDS:
        return (_warn("学校标识码的类别不在目录中。", "the kind of school in the code is not on the list"),)
    return ()
