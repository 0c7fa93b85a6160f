"""What a policy file may say: each key with its meaning and what it is a number of."""

from __future__ import annotations

from typing import Literal, NamedTuple

from extract.document import Bilingual

Kind = Literal["points", "share", "times", "count", "fields", "grades", "levels"]

#: what a value is, for a person who writes one
UNITS: dict[Kind, Bilingual] = {
    "points": Bilingual("分", "points"),
    "share": Bilingual("0 到 1 的小数，90% 写作 0.9", "a fraction from 0 to 1; 90 % is 0.9"),
    "times": Bilingual("倍，0 表示不查", "times; 0 is never"),
    "count": Bilingual("个数", "a count"),
    "fields": Bilingual("字段名的列表", "a list of fields"),
    "grades": Bilingual(
        "等级 = 最低分，从高到低，最后一级为 0", "grade = least points, best first, down to 0"
    ),
    "levels": Bilingual(
        "一级指标 = 分；与 execution_weight 合计为 total_weight，为空则不查",
        "level 1 = points; with execution_weight they sum to total_weight; blank is never asked",
    ),
}


class Key(NamedTuple):
    """A key: what kind of value it has, what it means, and the checks that ask for it."""

    kind: Kind
    zh: str
    en: str
    checks: str


KEYS = {
    "total_weight": Key("points", "总分", "the points of a whole form", "SCORE02, SCORE05"),
    "execution_weight": Key("points", "预算执行率的分值", "the points of budget execution", "SCORE02"),
    "weight_tolerance": Key("points", "分值合计允许的出入", "how far a sum of weights may be off", "SCORE02, SCORE06, SCORE07"),
    "low_execution": Key("share", "执行率低于此数须说明原因", "below this execution rate a reason is expected", "FUND06"),
    "adjustment_share": Key(
        "share", "全年预算数与年初预算数相差超过年初的这个比例须说明",
        "a budget that moved by more than this share of the initial one wants a word about it", "FUND08",
    ),
    "score_tolerance": Key(
        "share", "得分与按比例计算的得分可相差分值的这个比例",
        "how far a score may be from its formula, as a share of its weight", "GOAL02",
    ),
    "heavy_weight": Key("points", "单个指标达到此分值即提示", "an indicator of so many points is noted", "SCORE08"),
    "exceeded": Key("times", "完成值超过指标值的这个倍数须分析原因", "an actual beyond so many times its target wants a reason", "GOAL03"),
    "same_digits": Key(
        "count", "数字全部相同的两张表，不同数字首位以外的位数合计达到此数才视为重复",
        "forms with equal figures are copies where these have so many digits, without each first one", "CROSS01",
    ),
    "alike_ratio": Key("share", "文字相似度达到此数即为雷同", "texts with this share of equal characters are alike", "CROSS01, CROSS03, CROSS06"),
    "alike_length": Key("count", "与另一单位雷同的文字合计达到此字数才报告", "so many characters in common with another unit are reported", "CROSS03"),
    "template_units": Key("count", "不超过这么多个单位都有的文字，不视为模板", "a text of no more units than this is not the template's", "CROSS03"),
    "template_share": Key("share", "不超过这个比例的单位都有的文字，不视为模板", "a text of no more than this share of all units is not the template's", "CROSS03"),
    "yearly_growth": Key("share", "预算比上年增加超过此比例而总分不变即提示", "a budget that grew by more than this share of last year's wants a better score", "CROSS05"),
    "required": Key("fields", "不得为空的表头字段（表中有此栏时）", "head fields that may not be left blank where the form asks for them", "FORM01"),
    "grades": Key("grades", "自评等级的分数线", "the grade of a total", "SCORE05"),
    "level_weights": Key("levels", "各一级指标的分值", "the points of each level 1", "SCORE06"),
}  # fmt: skip
