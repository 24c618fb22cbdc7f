"""Why a source or a row is refused: a stable code and a sentence in Chinese and in English.

``SOURCES`` are refusals of a whole file (nothing is changed), ``ROWS`` are reasons beside one rejected
row, ``NOTES`` are things the importer did that a reader should know. Sentences hold ``{named}`` places.
"""

SOURCES: dict[str, tuple[str, str]] = {
    "NOT_FOUND": ("找不到 {file}。请检查路径。", "{file} does not exist. Check the path."),
    "EMPTY": ("{file} 是空文件，没有可导入的内容。", "{file} is empty: there is nothing to import."),
    "NO_FILES": (
        "文件夹 {file} 中没有可导入的文件（支持 {kinds}）。",
        "The folder {file} holds no file that can be imported ({kinds}).",
    ),
    "UNKNOWN_FORMAT": (
        "不认识的导入格式“{format}”。可用：ocds、table、rejects。",
        "Unknown format “{format}”. Use ocds, table or rejects.",
    ),
    "NOT_TABLE": (
        "{file} 不是可读取的表格。请另存为 CSV、XLSX 或 Parquet 后再导入。",
        "{file} is not a table this importer reads. Save it as CSV, XLSX or Parquet first.",
    ),
    "DAMAGED": (
        "{file} 已损坏或不完整，无法读取（{detail}）。请重新导出或重新传输后再导入。",
        "{file} is damaged or incomplete ({detail}). Export or transfer it again, then import.",
    ),
    "TRUNCATED": (
        "{file} 在中途断开（{detail}），像是没有传完。请重新传输后再导入。",
        "{file} ends in the middle ({detail}): the transfer seems cut short. Transfer it again, then import.",
    ),
    "TOO_DEEP": (
        "{file} 的嵌套层数过多，不是正常的采购数据，未予读取。",
        "{file} is nested too deeply to be procurement data and was not read.",
    ),
    "TOO_LARGE": (
        "{file} 声明解压后有 {size} MB，超过上限 {limit} MB，未予解压。请拆分或改用 CSV、Parquet。",
        "{file} declares {size} MB when unpacked, above the limit of {limit} MB, and was not unpacked. "
        "Split it, or use CSV or Parquet.",
    ),
    "UNKNOWN_ENCODING": (
        "无法识别 {file} 的文字编码（已试 UTF-8、UTF-16、GB18030）。请另存为 UTF-8 后再导入。",
        "The text encoding of {file} is not recognised (tried UTF-8, UTF-16, GB18030). Save it as UTF-8 first.",
    ),
    "NOT_JSON": (
        "{file} 不是有效的 JSON（{detail}）。请检查文件是否完整。",
        "{file} is not valid JSON ({detail}). Check that the file is complete.",
    ),
    "NOT_OCDS": (
        "{file} 不是 OCDS 发布包、记录包或逐行发布：找不到 releases、records 或 ocid。",
        "{file} is not an OCDS release package, record package or JSON Lines of releases: "
        "it has no releases, records or ocid.",
    ),
    "NO_HEADER": (
        "{file} 没有表头行。第一行应为列名。",
        "{file} has no header row. The first row must name the columns.",
    ),
    "DUPLICATE_HEADER": (
        "{file} 的表头有重名列：{columns}。请改名后再导入，以免取错数。",
        "{file} has columns with the same name: {columns}. Rename them first, so that the right one is read.",
    ),
    "MISSING_COLUMN": (
        "{file} 缺少映射中用到的列：{columns}。现有列：{headers}。",
        "{file} lacks columns the mapping uses: {columns}. It has: {headers}.",
    ),
    "FORMULAS": (
        "{file} 的工作表“{sheet}”含有公式（如 {cells}），数值可能随文件变化。请复制后“选择性粘贴为数值”再导入。",
        "Sheet “{sheet}” of {file} holds formulas (such as {cells}), whose values can change. "
        "Copy and paste them as values, then import.",
    ),
    "NO_SHEET": (
        "{file} 中没有工作表“{sheet}”。现有：{sheets}。",
        "{file} has no sheet “{sheet}”. It has: {sheets}.",
    ),
    "UNCLOSED_QUOTE": (
        "{file} 有未闭合的引号（从第 {line} 行起），其后的内容无法分列。请修正后再导入。",
        "{file} has a quotation mark that is never closed (from line {line}); what follows cannot be split "
        "into columns. Correct it, then import.",
    ),
    "CELL_TOO_LONG": (
        "{file} 第 {line} 行有一个单元格过长，像是引号或分隔符错误。请修正后再导入。",
        "A cell in line {line} of {file} is far too long: a quotation mark or delimiter is probably wrong. "
        "Correct it, then import.",
    ),
    "MAPPING_NEEDED": (
        "导入表格需要列映射文件（--mapping）。",
        "A table needs a column mapping (--mapping).",
    ),
    "MAPPING_UNREADABLE": ("列映射无法读取：{detail}。", "The column mapping cannot be read: {detail}."),
    "MAPPING_UNKNOWN_TABLE": (
        "列映射写的表“{table}”不存在。可用：{tables}。",
        "The mapping names the table “{table}”, which does not exist. Use one of: {tables}.",
    ),
    "MAPPING_UNKNOWN_COLUMN": (
        "列映射中的目标列 {columns} 不属于表“{table}”。",
        "The mapping's columns {columns} do not belong to the table “{table}”.",
    ),
    "MAPPING_INCOMPLETE": (
        "列映射没有给出表“{table}”的必填列：{columns}。请在 columns 或 constants 中补上。",
        "The mapping leaves out columns the table “{table}” requires: {columns}. Give them in columns or constants.",
    ),
    "MAPPING_BAD_CONSTANT": (
        "列映射的常量 {column} = “{value}” 不符合该列的类型。",
        "The mapping's constant {column} = “{value}” does not fit the type of that column.",
    ),
    "NO_BATCH": (
        "找不到批次 {batch} 的导入记录，无法按原映射重新导入。",
        "There is no record of batch {batch}, so its rows cannot be imported again by its mapping.",
    ),
    "NOT_REJECTS": (
        "{file} 不是导入时生成的退回行文件（第 {line} 行缺少 row 或 batch）。",
        "{file} is not a file of rejected rows (line {line} lacks row or batch).",
    ),
    "BUSY": (
        "另一个导入正在写入同一数据集市，请稍后再试。",
        "Another import is writing to the same mart. Try again when it has finished.",
    ),
}

ROWS: dict[str, tuple[str, str]] = {
    "REQUIRED": ("{column} 为空，此项必填", "{column} is empty but required"),
    "NOT_A_NUMBER": ("{column} 的值“{value}”不是数字", "{column} “{value}” is not a number"),
    "NOT_WHOLE": (
        "{column} 的值“{value}”换算后不是整数（金额最小到分）",
        "{column} “{value}” is not a whole number of the smallest unit",
    ),
    "OUT_OF_RANGE": ("{column} 的值“{value}”超出范围", "{column} “{value}” is out of range"),
    "UNKNOWN_DATE": (
        "{column} 的值“{value}”不是可识别的日期",
        "{column} “{value}” is not a date that can be read",
    ),
    "UNKNOWN_MOMENT": (
        "{column} 的值“{value}”不是可识别的时间",
        "{column} “{value}” is not a moment that can be read",
    ),
    "NOT_A_BOOLEAN": (
        "{column} 的值“{value}”不是“是/否”",
        "{column} “{value}” is neither yes nor no",
    ),
    "UNKNOWN_VALUE": (
        "{column} 的值“{value}”不在映射列出的取值之内",
        "{column} “{value}” is not among the values the mapping lists",
    ),
    "FORMULA": (
        "{column} 的值“{value}”是公式，未予计算",
        "{column} “{value}” is a formula and was not evaluated",
    ),
    "WRONG_WIDTH": (
        "应有 {expected} 个单元格，实有 {value} 个",
        "{expected} cells were expected, {value} were found",
    ),
    "DUPLICATE_KEY": (
        "主键 {column} = “{value}” 与本次第 {first} 行重复",
        "the key {column} = “{value}” repeats line {first} of this import",
    ),
    "KEY_IN_MART": (
        "主键 {column} = “{value}” 已在数据集市中",
        "the key {column} = “{value}” is already in the mart",
    ),
    "UNKNOWN_REFERENCE": (
        "{column} 的值“{value}”在表“{target}”中不存在",
        "{column} “{value}” does not exist in the table “{target}”",
    ),
    "BAD_JSON": ("这一行不是有效的 JSON（{value}）", "the line is not valid JSON ({value})"),
    "TOO_DEEP": ("这一行嵌套层数过多", "the line is nested too deeply"),
    "NOT_AN_OBJECT": ("不是 JSON 对象", "it is not a JSON object"),
    "NO_OCID": ("缺少文本型的 ocid", "it has no ocid that is text"),
    "DUPLICATE_OCID": (
        "ocid“{value}”与本次第 {first} 条重复",
        "ocid “{value}” repeats release {first} of this import",
    ),
    "OCID_IN_MART": ("ocid“{value}”已在数据集市中", "ocid “{value}” is already in the mart"),
    "NO_COMPILED_RELEASE": ("该记录没有 compiledRelease", "the record has no compiledRelease"),
}

NOTES: dict[str, tuple[str, str]] = {
    "NUMERIC_IDS": ("编号原为数字，已转为文本", "ids that were numbers, turned into text"),
    "ID_MISSING": ("缺编号的投标或中标，已按次序编号", "bids or awards without an id, numbered by position"),
    "ID_REPEATED": ("编号重复的投标或中标，已按次序编号", "bids or awards repeating an id, numbered by position"),
    "PARTY_WITHOUT_ID": ("没有编号的投标人或供应商，仅计数", "tenderers or suppliers without an id, counted only"),
    "AMOUNT_NOT_NUMBER": ("金额不是数字或过大，留空", "amounts that are not numbers or too large, left empty"),
    "DATE_UNREADABLE": ("日期不含时区或无法识别，仅保留原文", "dates without a zone or unreadable, kept as text only"),
    "CONTRACT_INCOMPLETE": (
        "合同缺供应商或金额，未单独列出",
        "contracts without a supplier or an amount, not listed on their own",
    ),
    "SEVERAL_SUPPLIERS": ("合同有多家供应商，取第一家", "contracts with several suppliers, the first one kept"),
    "UNCHECKED_REFERENCE": (
        "引用的表中尚无该编号",
        "references to rows that are not in the mart yet",
    ),
}


class BadSource(Exception):
    """A whole source refused: nothing of it was read into the mart and nothing was changed.

    ``code`` is stable (a key of ``SOURCES``), ``zh`` and ``en`` tell the user what to do.
    """

    def __init__(self, code: str, zh: str, en: str) -> None:
        """Keeps the code and both sentences; ``str()`` gives the two on one line."""
        super().__init__(f"{zh} / {en}")
        self.code = code
        self.zh = zh
        self.en = en


def refusal(code: str, **values: object) -> BadSource:
    """The ``BadSource`` of a code, its sentences filled with ``values``."""
    zh, en = SOURCES[code]
    return BadSource(code, zh.format(**values), en.format(**values))


def reason(code: str, **values: object) -> tuple[str, str]:
    """The Chinese and the English reason of a rejected row, filled with ``values``."""
    zh, en = ROWS[code]
    return zh.format(**values), en.format(**values)
