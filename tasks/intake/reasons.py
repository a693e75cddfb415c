"""Why input is refused or a row is rejected, in both languages.

Rules: a reason says what was expected and how to mend it; both languages use the same arguments.
An argument may itself be a `Text`. `{hint}` is empty or begins with its own punctuation.
"""

from __future__ import annotations

from schemas.text import Text

# Refused whole: the file

NOT_FOUND = Text("没有这个文件或文件夹，请检查路径", "no such file or folder; check the path")
UNREADABLE = Text("无法读取（{cause}）", "cannot be read ({cause})")
IS_FOLDER = Text("这是文件夹；应为一个文件", "is a folder; a file is expected")
EMPTY_FILE = Text("文件是空的，请重新导出", "the file is empty; export it again")
TOO_LARGE = Text(
    "文件超过{limit} MB，请分成几个文件报送",
    "the file is larger than {limit} MB; deliver it in parts",
)
NOT_A_WORKBOOK = Text(
    "名称像工作簿，内容却不是；请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”",
    "bears a workbook's name, but is none; save it in Excel or WPS as “Excel Workbook (.xlsx)”",
)
NOT_A_SPREADSHEET = Text(
    "是{kind}，不是表格；请报送 Excel、WPS 表格或 CSV",
    "is {kind} and no spreadsheet; deliver a workbook of Excel or WPS, or a CSV",
)
NO_TABLE = Text("是网页，但其中没有表格", "is a web page without a table")
PASSWORD = Text(
    "工作簿有密码保护；请去掉密码后再报送",
    "the workbook is protected by a password; remove it and deliver again",
)
DAMAGED = Text(
    "工作簿已损坏，无法读取；请用 Excel 打开后重新保存",
    "the workbook is damaged and cannot be read; open it in Excel and save it again",
)
UNPACKS_TOO_LARGE = Text(
    "解压后超过{limit} MB，不予读取；请检查来源或分成几个文件",
    "unpacks to more than {limit} MB and is not read; check its source or deliver it in parts",
)
TOO_MANY_CELLS = Text(
    "工作表太大（到第{row}行第{column}列），上限{limit}个单元格；请删除远处的内容",
    "the sheet is too large (to row {row}, column {column}; limit {limit} {limit:cell|cells});"
    " delete what stands far out",
)
NOT_A_BOOK = Text(
    "应为 XLSX 工作簿（每个台账一张工作表）或 CSV 文件夹（每个台账一个文件）",
    "expected an XLSX workbook (a sheet per register) or a folder of CSV files"
    " (a file per register)",
)
UTF16 = Text(
    "编码是 UTF-16；请在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
    "the encoding is UTF-16; save it in Excel as “CSV UTF-8 (comma delimited)”",
)
BINARY = Text(
    "含有空字节，不是文本文件；请在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
    "holds null bytes and is not a text file; save it in Excel as “CSV UTF-8 (comma delimited)”",
)
ENCODING = Text(
    "编码既不是 UTF-8 也不是 GB18030；请在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
    "the encoding is neither UTF-8 nor GB18030; save it in Excel as “CSV UTF-8 (comma delimited)”",
)
BROKEN_UTF8 = Text(
    "UTF-8 文本在第{position}个字节处损坏；请重新导出",
    "the UTF-8 text is broken at byte {position}; export it again",
)
BAD_QUOTES = Text(
    "CSV 的引号不成对或位置不对；请重新导出",
    "the CSV has a quotation mark that is not closed or misplaced; export it again",
)
FIELD_TOO_LONG = Text(
    "CSV 有一个单元格超过{limit}个字符，可能是引号没有闭合",
    "the CSV has a cell of more than {limit} {limit:character|characters}; perhaps a quotation "
    "mark is not closed",
)
SEPARATOR = Text(
    "各列之间不是逗号而是{separator}；请另存为“CSV UTF-8（逗号分隔）”",
    "the columns are separated by {separator}, not by commas; save it as"
    " “CSV UTF-8 (comma delimited)”",
)

# Refused whole: registers, sheets and headings

UNKNOWN_REGISTER = Text(
    "没有名为“{name}”的台账{hint}", "there is no register called “{name}”{hint}"
)
UNKNOWN_SHEET = Text(
    "像是台账“{register}”，但{missing}；请补齐表头，或删除该工作表",
    "looks like the register “{register}”, but {missing}; mend its headings, or delete the sheet",
)
SHEET_OF_SEVERAL = Text(
    "可能是这些台账：{registers}；请按台账命名该工作表",
    "may be any of these registers: {registers}; name the sheet after one",
)
HIDDEN_REGISTER = Text(
    "台账“{register}”在隐藏的工作表里；请取消隐藏，或删除该工作表",
    "holds the register “{register}” but is hidden; unhide the sheet or delete it",
)
UNKNOWN_FILE = Text(
    "文件夹中的这个文件不是台账{hint}；应为以台账命名的 CSV 文件",
    "this file of the folder is no register{hint}; expected CSV files named after registers",
)
NOT_A_FILE = Text(
    "不是普通文件；请放入文件本身，不要放链接", "is no plain file; drop the file itself, not a link"
)
NOT_TAKEN_HERE = Text(
    "报送文件夹只接收表格（.csv、.xlsx、.xls、.et、.ods），文件或其中的工作表以台账命名",
    "the inbox takes tables (.csv, .xlsx, .xls, .et, .ods): the file, or its sheets, are named "
    "after registers",
)
DUPLICATE_SHEET = Text(
    "台账“{register}”出现两次（另一处是“{other}”）；请合并",
    "the register “{register}” is delivered twice (the other is “{other}”); merge them",
)
MISSING_SHEET = Text(
    "缺少台账“{register}”；换届数据必须有行政区和单位",
    "the register “{register}” is missing; a book needs jurisdictions and units",
)
NO_ROWS = Text(
    "台账“{register}”没有数据行；换届数据必须有行政区和单位",
    "the register “{register}” has no rows; a book needs jurisdictions and units",
)
NO_REGISTER = Text(
    "没有任何台账的数据行；请按台账命名工作表并填写，或写明台账：termgate submit 台账 文件",
    "has no row of any register; name its sheets after registers and fill them in, or say which "
    "one it is: termgate submit REGISTER FILE",
)
NO_ROW = Text("各台账表都没有数据行；请填写后再报送", "has no row in its registers; fill them in")
NOTHING_NEW = Text(
    "没有填写任何新内容：所要的单元格都空着，或与记录相同",
    "brings nothing new: what is asked for is empty, or as it stands on record",
)
NO_SUCH_SHEET = Text("没有名为“{register}”的工作表", "has no sheet called “{register}”")
SHEETS_OF_ONE = Text(
    "有几张工作表都可能是台账“{register}”：{sheets}；请把应报送的那张改为台账的名称",
    "several sheets may be the register “{register}”: {sheets}; name the right one after it",
)
OTHER_SHEET = Text(
    "此工作表是台账“{other}”，而报送的是“{register}”",
    "this sheet is the register “{other}”, but “{register}” is being delivered",
)
NO_HEADINGS = Text("找不到表头；应为：{columns}", "has no headings; they should read: {columns}")
BLANK_HEADING = Text(
    "{letter}列有内容，却没有表头；请补上表头或删除内容",
    "column {letter} holds something but has no heading; write one or delete it",
)
MISSING_COLUMN = Text("缺少“{heading}”列{hint}", "the column “{heading}” is missing{hint}")
DUPLICATE_COLUMN = Text(
    "这一列出现两次（{first}列和{second}列）", "this column occurs twice ({first} and {second})"
)
MERGED_CELLS = Text(
    "有合并单元格（{range}），看不出各行的内容；请取消合并并逐行填写",
    "has merged cells ({range}) that do not tell what each row holds; unmerge and fill them in",
)

# Refused whole: a map of people's own sheets

MAP_NOT_TOML = Text(
    "不是 TOML（{cause}）；文本要用英文双引号，等号后面不能空着",
    "is not TOML ({cause}); texts stand in double quotes, and something follows each equals sign",
)
MAP_NO_FILE = Text(
    "对照表写了这个文件，文件夹中却没有；请放入，或从对照表删去",
    "stands in the map, but not in the folder; put it there, or take it out of the map",
)
MAP_NO_SHEET = Text(
    "对照表写了这张工作表，文件中却没有{hint}",
    "the map names this sheet, but the file has none such{hint}",
)
MAP_NOTHING = Text(
    "对照表没有写到它的任何工作表；请核对文件名和工作表名",
    "the map says nothing of any of its sheets; check the names of file and sheets",
)
MAP_HEADING = Text(
    "对照表写了“{heading}”，这一行却没有这个表头{hint}",
    "the map names the heading “{heading}”, but it does not stand in this row{hint}",
)
MAP_LOOKED_UP = Text(
    "要按“{heading}”查找“{register}”，但没有哪张工作表既有这一列又按对照表报送该台账",
    "“{register}” is to be looked up by “{heading}”, but no sheet that the map takes it from has "
    "such a heading",
)

# Rejected rows: any column

NOT_FOUND_IN = Text(
    "在台账“{register}”中查不到；请更正，或先报送那一行",
    "is not found in the register “{register}”; correct it, or deliver that row first",
)
SEVERAL_FOUND = Text(
    "在台账“{register}”中有几行都符合：{found}；请在对照表的 values 中写明是哪一行，"
    "或增加一项查找依据",
    "fits several rows of the register “{register}”: {found}; say in the map, under `values`, "
    "which is meant, or look it up by one thing more",
)
EMPTY_REQUIRED = Text("必填，不能为空", "must not be empty")
FORMULA = Text(
    "是公式，不予采用；请复制后“粘贴为数值”",
    "is a formula; copy it and paste its value in its place",
)
FORMULA_TEXT = Text(
    "以“{start}”开头，会被当作公式；请改写",
    "begins with “{start}”, which a spreadsheet takes as a formula; write it differently",
)
ERROR_CELL = Text(
    "是 Excel 错误值，请改为正确的内容", "is an error value of Excel; enter what belongs there"
)
ODD_SPACE = Text(
    "含有特殊空格（{codepoint}），请删除或改为普通空格",
    "holds a special space ({codepoint}); delete it or type a plain one",
)
LINE_BREAK = Text("单元格内有换行，请写在一行内", "holds a line break; write it on one line")
INVISIBLE = Text(
    "含有不可见字符（{codepoint}），请删除后重新输入",
    "holds an invisible character ({codepoint}); delete it and type the text again",
)
UNREADABLE_CHARACTER = Text(
    "含有无法识别的字符（{codepoint}），可能是转码或造字所致；请重新输入",
    "holds a character that cannot be read ({codepoint}), perhaps from a conversion; type it again",
)
LOOKALIKE = Text(
    "含有全角或形近字符，请写成“{suggestion}”",
    "holds full-width or look-alike characters; write “{suggestion}”",
)

# Rejected rows: typed columns

NOT_A_NUMBER = Text("不是数字，应为整数", "is not a number; a whole number is expected")
NUMBER_UNIT = Text(
    "只填数字 {suggestion}，不要带单位或文字", "write only the number {suggestion}, without words"
)
NOT_WHOLE = Text("不是整数", "is not a whole number")
TOO_SMALL = Text("不能小于{minimum}", "must be at least {minimum}")
TOO_BIG = Text("不能大于{maximum}", "must be at most {maximum}")
NUMBER_IN_TEXT = Text(
    "是数字格式，应为文本；请把单元格设为文本格式后重新输入",
    "is a number where text is expected; format the cell as text and type it again",
)
DATE_IN_OTHER = Text(
    "是日期格式，而此列不是日期；请把单元格设为{format}格式后重新输入",
    "is a date, but this column holds none; format the cell as {format} and type it again",
)
FLAG_IN_OTHER = Text(
    "是逻辑值（TRUE/FALSE），而此列不是是否列；请重新输入",
    "is TRUE or FALSE, but this is no yes/no column; type it again",
)
TWO_READINGS = Text(
    "有不止一种读法：{readings}；请写明是哪一种",
    "may mean more than one thing: {readings}; write which",
)
MONTH_ALONE = Text(
    "只有年月，缺日；请补上日期，如 2016-09-28",
    "is a month without its day; write the whole date, such as 2016-09-28",
)
SERIAL_DATE = Text(
    "是数字，看上去是日期 {suggestion}；请把单元格设为日期格式",
    "is a number that looks like {suggestion}; format the cell as a date",
)
DATE_FORM = Text("日期写法不对，请写成 {suggestion}", "write the date as {suggestion}")
NOT_A_DATE = Text("不是日期，应如 2016-09-28", "is not a date; expected one such as 2016-09-28")
NO_SUCH_DAY = Text("没有这一天", "there is no such day")
YEAR_RANGE = Text("年份应在{first}到{last}之间", "the year must be between {first} and {last}")
TIME_OF_DAY = Text("含有钟点，应只填日期", "holds a time of day; a date alone is expected")
UNKNOWN_TERM = Text(
    "不在可选值之内{hint}；可选：{allowed}",
    "is not one of the values{hint}; choose from: {allowed}",
)
NOT_YES_NO = Text("应为“是”或“否”", "expected “yes” or “no”")
BAD_ID = Text("不符合编号规则：{help}", "does not have the form of this column: {help}")
IDENTITY_NUMBER = Text(
    "是身份证号码，不能作编号；请改用不含个人信息的编号",
    "is a citizen's identity number; write an id that tells nothing of the person",
)
TOO_LONG = Text(
    "太长，最多{maximum}个字符", "is too long; at most {maximum} {maximum:character|characters}"
)
RULE = Text("不符合此列的规定（{rule}）", "breaks the rule of this column ({rule})")

# Rejected rows: the row as a whole

TOTAL_ROW = Text(
    "是合计行；台账只收明细，请删除此行", "is a total; a register holds single rows, so delete it"
)
EXAMPLE_ROW = Text(
    "还带着示例标记“{mark}”；如为真实数据请删除该标记，否则删除此行",
    "still bears the example's mark “{mark}”; delete the mark if the row is real, else the row",
)
EXTRA_CELL = Text(
    "表头之外的{letter}列有内容；CSV 中含逗号的内容须加引号",
    "column {letter} lies beyond the headings; in a CSV, text with a comma needs quotation marks",
)
BROKEN_ROW = Text(
    "此行只有{cells}格，像是被换行断成两行；请并成一行",
    "has only {cells} {cells:cell|cells}, as if a line break had cut it in two; join the two lines",
)

# Rejected rows: the rows as a set

DUPLICATE_KEY = Text(
    "与{where}重复（{columns}相同）；只能保留一行",
    "the same {columns} as in {where}; keep one of them",
)
UNKNOWN_REFERENCE = Text(
    "在台账“{register}”中不存在{hint}；请先报送或更正",
    "does not exist in the register “{register}”{hint}; deliver it first or correct it",
)
UNREAD_REFERENCE = Text(
    "所指的台账“{register}”未能读取；请先更正那张表",
    "refers to the register “{register}”, which could not be read; mend that sheet first",
)
REJECTED_REFERENCE = Text(
    "所指的“{register}”{where}已被退回；请先更正那一行",
    "refers to {where} of “{register}”, which was rejected; mend that row first",
)
UNFILLED_REFERENCE = Text(
    "所指的“{register}”{where}尚未填写；请先填写那一行",
    "refers to {where} of “{register}”, of which nothing is filled in; fill in that row first",
)
UNIT_NAME = Text(
    "应为行政区划代码-班子，即 {expected}",
    "must be the jurisdiction and the body: {expected}",
)
TOWNSHIP_CPPCC = Text("乡镇没有政协", "a township has no CPPCC")
CODE_LENGTH = Text(
    "{level}的代码应为{digits}位", "the code of a {level} has {digits} {digits:digit|digits}"
)
PROVINCE_PARENT = Text("省级没有上级代码，请留空", "a province has no parent; leave it empty")
PROVINCE_CODE = Text(
    "省级（含直辖市）的代码以0000结尾，其他行政区的不会",
    "the code of a province or municipality ends with 0000, and no other's does",
)
PROVINCE_UNIT = Text(
    "省级（含直辖市）在这里没有换届单位", "a province or municipality has no units here"
)
NO_PARENT = Text("{level}必须填上级代码", "a {level} needs a parent")
WRONG_PARENT = Text(
    "{level}的上级应为{expected}，而此代码是{found}",
    "the parent of a {level} is a {expected}, but this is a {found}",
)
POST_OF_UNIT = Text(
    "不属于单位 {unit}；应以 {unit}- 开头",
    "does not belong to the unit {unit}; it must begin with {unit}-",
)
UNIT_OF_CANDIDATE = Text(
    "人选 {candidate} 属于单位 {unit}；请改单位或人选编号",
    "candidate {candidate} belongs to the unit {unit}; mend the unit or the candidate",
)
LEVEL_ON_RECORD = Text(
    "台账中的层级是“{level}”，不能改变；请改层级或代码",
    "its level on record is “{level}” and cannot change; mend the level or the code",
)
LIST_IS_OLD = Text(
    "清单生成后，这一行在记录中已有变动；请重新生成清单（termgate ask）",
    "changed on record since the list was made; make a new list (`termgate ask`)",
)
NAME_OF_ANOTHER = Text(
    "{id} 是“{name}”，而旁边写的是“{given}”；请改编号或名称",
    "{id} is “{name}”, but “{given}” stands beside it; mend the id or the name",
)
WRONG_IDENTITY = Text(
    "不是公民身份号码：须十八位、以文本填写，出生日期和校验码相符；不用的留空",
    "is no identity number: eighteen characters as text, of which birth date and check digit hold; "
    "leave it empty where it is not needed",
)
NOT_COME = Text(
    "晚于报送日期{on}，这一天还没有到；已发生的事才报送，日期有误请改正",
    "is after {on}, the day of the delivery, and has not come; deliver what has happened, or mend "
    "the day",
)
OWN_KIN = Text("本人不能是自己的亲属", "nobody is their own kin")
NOT_YOUR_PLACE = Text(
    "{place} 的责任人员不能为这一地区报送；由该地或有权的上级报送",
    "an officer of {place} may not deliver for this place; one of it or above does",
)
NOT_ON_RECORD = Text("台账中没有这一行，无法撤回", "not on record, so it cannot be withdrawn")
STILL_REFERRED = Text(
    "仍被“{register}”的 {key} 引用；请先撤回那一行",
    "is still referred to by {key} of “{register}”; withdraw that row first",
)

# Refused because of how it was read

STRICT = Text(
    "读作“{read_as}”（{how}）；--strict 不接受",
    "would be read as “{read_as}” ({how}); refused by --strict",
)

# Parts of the line in front of a reason

SHEET = Text("工作表“{sheet}”", "sheet “{sheet}”")
ROW = Text("第{row}行", "row {row}")
COLUMN = Text("“{column}”列", "column “{column}”")
VALUE = Text("值“{value}”", "value “{value}”")
NEAREST = Text("（最接近的是“{nearest}”）", " (the nearest is “{nearest}”)")
