"""Full-width, look-alike and traditional characters to one spelling each, without moving a single index.

`fold` keeps the length, so that a match in the folded text can be cut out of the text as printed.
NFKC is not used: it turns ① into 1, ² into 2, ½ into 1⁄2 and ㎡ into m2, and so invents numbers.
"""

from __future__ import annotations

import re

# one spelling each: what it becomes, and every character that looks like it
_LOOKALIKES = {
    # signs of comparison; ≮ and ≯ say the same as ≥ and ≤
    "≥": "≧⩾≽≮⪰",
    "≤": "≦⩽≼≯⪯",
    ">": "﹥",
    "<": "﹤",
    "=": "﹦═꞊",
    "≈": "≒≃",
    # dashes, one class a width: hyphen and minus, en dash, em dash and the box-drawing lines typed for it
    "-": "‐‑−﹣⁃",
    "–": "‒",
    "—": "―─━﹘⸺⸻ー",
    "~": "〜∼˜",
    # brackets; 《》 and 〈〉 stay: as < and > they would read as comparisons
    "(": "﹙❨",
    ")": "﹚❩",
    "[": "【〔",
    "]": "】〕",
    # punctuation
    ":": "﹕︰∶",
    ",": "﹐",
    ";": "﹔",
    ".": "﹒",
    "。": "｡",
    "、": "﹑､",
    "…": "⋯",
    "/": "⁄∕",
    "*": "∗﹡",
    "+": "﹢",
    "·": "•・･⋅∙‧",
    "%": "﹪٪",
    "¥": "￥",
    '"': "“”„",
    "'": "‘’",
    # white space: horizontal to a space, vertical to a line feed
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\r\v\f\u0085\u2028\u2029",
}
# one form each: the simplified character, and the traditional ones for it; those only that words of the schema,
# of units or of values are written with (form templates of Hong Kong origin, a writer's input method)
_TRADITIONAL = """
    万萬 与與 专專 业業 丢丟 两兩 个個箇 为為 举舉 义義 乡鄉 买買 了瞭 争爭 于於 产產 亩畝 亿億 从從 价價 众眾 优優
    会會 传傳 体體 余餘 债債 克剋 兑兌 关關 兴興 养養 内內 册冊 写寫 农農 冯馮 决決 况況 准準 减減 几幾 划劃 则則 别別
    制製 剂劑 剩賸 办辦 务務 动動 区區 升昇陞 华華 单單 占佔 卷捲 历曆歷 压壓 厘釐 县縣 参參 双雙 发發髮 变變 只隻
    台檯臺颱 号號 后後 吨噸 启啟 员員 周週 响響 回迴 园園 国國 圆圓 场場 块塊 处處 备備 复復複 头頭 夹夾 奖獎 学學 实實
    审審 家傢 宽寬 对對 导導 将將 局侷跼 层層 属屬 岗崗 币幣 师師 带帶 帮幫 并並併 应應 开開 异異 张張 强強 归歸 当噹當
    彻徹 志誌 态態 总總 愿願 户戶 扣釦 执執 护護 报報 担擔 拟擬 拨撥 挥揮 换換 据據 摄攝 撑撐 数數 无無 时時 昼晝 显顯
    暂暫 机機 权權 杆桿 条條 来來 板闆 极極 构構 标標 栋棟 栏欄 样樣 核覈 档檔 检檢 欧歐 汇匯彙 没沒 注註 测測 济濟
    满滿 点點 热熱 牵牽 环環 现現 电電 盏盞 监監 盖蓋 码碼 础礎 确確 礼禮 离離 种種 积積 称稱 稳穩 窝窩 笔筆 筹籌
    签簽籤 简簡 类類 系係繫 约約 级級 线線 组組 细細 织織 终終 经經 结結 统統 绩績 续續 维維 综綜 编編 缩縮 缴繳 网網
    职職 联聯 致緻 节節 范範 营營 补補 表錶 装裝 见見 观觀 规規 计計 认認 训訓 议議 讯訊 论論 设設 证証證 评評 词詞
    话話 该該 误誤 说說 请請 读讀 课課 调調 贝貝 负負 财財 责責 货貨 质質 购購 贯貫 贰貳 贴貼 贷貸 费費 资資 赋賦 赠贈
    车車 转轉 轮輪 较較 辆輛 辑輯 达達 过過 运運 这這 进進 违違 迟遲 适適 逻邏 邮郵 采採 释釋 里裡 针針 钟鐘 钱錢 银銀
    销銷 错錯 镇鎮 长長 门門 问問 间間 阐闡 际際 陆陸 页頁 顶頂 顷頃 项項 顺順 须須 预預 领領 颗顆 题題 额額 马馬 验驗
"""
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

_FOLD = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F))}
_FOLD.update((ord(char), one) for one, alike in _LOOKALIKES.items() for char in alike)
_FOLD.update((ord(char), word[0]) for word in _TRADITIONAL.split() for char in word[1:])
_DROP_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))

_UNSEEN = re.compile(rf"[\s{_INVISIBLE}]")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# 95%¹, 1200人², 10[³]: the mark of a note. It may as well be a power behind a letter or 米 (m²) and behind a digit,
# where only that of one says nothing
_NOTE_MARK = re.compile(
    rf"(?:(?<=[^A-Za-z米里0-9{_RAISED}])[{_RAISED}]{{1,2}}|(?<=[0-9])¹|(?<=.)[(\[⁽][{_RAISED}]{{1,2}}[)\]⁾])$"
)
# 18 189: white space here may part two numbers; anywhere else it says nothing
_GAP = re.compile(r"(?P<inside>(?<=[0-9.,])\s+(?=[0-9.,]))|\s+")
# 250000.⏎00: a line that ends in, or begins with, the decimal point of a number
_POINT_AT_BREAK = re.compile(r"[0-9]\.\n[0-9]|[0-9]\n\.[0-9]")


def fold(text: str) -> str:
    """``text`` with each look-alike character replaced by its plain one; the length stays.

    >>> fold("＞＝９５％（含）")
    '>=95%(含)'
    >>> fold("≧５６４．１万元，①㎡"), fold("預算執行率")
    ('≥564.1万元,①㎡', '预算执行率')
    """
    return text.translate(_FOLD)


def squeeze(text: str) -> str:
    r"""``text`` without any white space, line breaks and zero-width characters included.

    >>> squeeze("绩\n效\u3000指 标\ufeff")
    '绩效指标'
    """
    return "".join(text.split()).translate(_DROP_INVISIBLE)


def compact(text: str) -> tuple[str, str]:
    r"""``text`` as printed and folded, both without the white space that says nothing.

    The two have one length. Between digits a gap is kept, as a space, two spaces or a line feed: there it
    may part two numbers. Only a line break at a number's decimal point is closed.

    >>> compact("≥ ２０７ 批次")
    ('≥２０７批次', '≥207批次')
    >>> compact("18 189万元")[1], compact("250000.\n00")[1]
    ('18 189万元', '250000.00')
    """
    if not _UNSEEN.search(text):
        return text, text.translate(_FOLD)
    printed = text.translate(_DROP_INVISIBLE).strip()
    folded = printed.translate(_FOLD)
    pieces: list[tuple[str, str]] = []
    start = 0
    for gap in _GAP.finditer(folded):
        pieces.append((printed[start : gap.start()], folded[start : gap.start()]))
        start = gap.end()
        if gap["inside"]:
            pieces.append((_kept(folded, gap),) * 2)
    pieces.append((printed[start:], folded[start:]))
    return "".join(piece for piece, _ in pieces), "".join(piece for _, piece in pieces)


def without_note_mark(text: str) -> str:
    """``text`` without the raised number of a note at its end.

    >>> without_note_mark("95%²"), without_note_mark("10¹"), without_note_mark("20万m²"), without_note_mark("10⁴")
    ('95%', '10', '20万m²', '10⁴')
    """
    return _NOTE_MARK.sub("", text)


def _kept(folded: str, gap: re.Match[str]) -> str:
    """What stays of white space between digits."""
    if "\n" not in gap[0]:
        return gap[0][:2]
    around = folded[max(0, gap.start() - 2) : gap.start()] + "\n" + folded[gap.end() : gap.end() + 2]
    return "" if _POINT_AT_BREAK.search(around) else "\n"
