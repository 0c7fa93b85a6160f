"""Policies: what ships, a user's own file on top of it, and which one a form is held to."""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal
from pathlib import Path

import pytest

from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.record import Record
from normalize.to_record import to_record
from zipingbiao.explain import ALL_CHECKS
from zipingbiao.policy import Policy, PolicyError, load_policy, policy_for, policy_names
from zipingbiao.policy.keys import KEYS, UNITS

SHIPPED = ("hubei-20-80", "mof-2020", "mof-2021", "strict")


def own_policy(folder: Path, text: str, name: str = "own.toml") -> Policy:
    """The policy of a file with this text."""
    return load_policy(own_file(folder, text.encode(), name))


def own_file(folder: Path, content: bytes, name: str = "own.toml") -> str:
    """The path of a new file with this content."""
    path = folder / name
    path.write_bytes(content)
    return str(path)


def record_of(form: str) -> Record:
    """The one form of a text."""
    (found,) = find_forms(read_text(form.encode(), "form.txt"))
    return to_record(found)


# --- what ships --------------------------------------------------------------------------------------


def test_the_shipped_policies_are_listed_by_name() -> None:
    assert policy_names() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_policy_loads_with_every_number_set(name: str) -> None:
    policy = load_policy(name)
    assert policy.name == name
    for field in dataclasses.fields(Policy):
        value = getattr(policy, field.name)
        assert isinstance(value, str | tuple | dict) or value.is_finite(), field.name
    assert policy.grade(Decimal("89.99")) == "良"
    assert policy.total_weight == 100
    assert policy.weight_tolerance == Decimal("0.01")
    assert 0 < policy.low_execution <= 1
    assert policy.execution_weight < policy.total_weight
    assert policy.required


def test_the_national_rules_are_the_default() -> None:
    policy = load_policy()
    assert policy == load_policy("mof-2020")
    assert policy.execution_weight == 10
    assert policy.low_execution == Decimal("0.9")


def test_the_20_80_scheme_differs_from_the_national_rules_in_the_weights_only() -> None:
    national, hubei = load_policy("mof-2020"), load_policy("hubei-20-80")
    assert hubei.execution_weight == 20
    assert hubei.level_weights == {}
    weights = {"execution_weight": national.execution_weight, "level_weights": national.level_weights}
    assert dataclasses.replace(hubei, name=national.name, **weights) == national


def test_the_strict_policy_asks_for_more_than_the_national_rules() -> None:
    national, strict = load_policy("mof-2020"), load_policy("strict")
    assert strict.low_execution > national.low_execution
    assert set(strict.required) > set(national.required)


def test_numbers_are_decimals_as_written_and_never_binary_floats() -> None:
    assert str(load_policy("strict").low_execution) == "0.95"


# --- a user's own file -------------------------------------------------------------------------------


def test_a_file_overrides_the_keys_it_names_and_keeps_the_rest(tmp_path: Path) -> None:
    policy = own_policy(tmp_path, "low_execution = 0.8\n", "某县.toml")
    assert policy.low_execution == Decimal("0.8")
    assert policy.name == "某县"
    assert dataclasses.replace(policy, name="mof-2020", low_execution=Decimal("0.9")) == load_policy(
        "mof-2020"
    )


def test_a_file_that_names_no_key_is_the_default_under_another_name(tmp_path: Path) -> None:
    assert dataclasses.replace(own_policy(tmp_path, "# nothing yet\n"), name="mof-2020") == load_policy()


def test_a_file_builds_on_the_shipped_policy_that_it_names(tmp_path: Path) -> None:
    policy = own_policy(tmp_path, 'based_on = "hubei-20-80"\nrequired = ["project_name"]\n')
    assert policy.execution_weight == 20
    assert policy.required == ("project_name",)


def test_a_file_may_require_nothing(tmp_path: Path) -> None:
    assert own_policy(tmp_path, "required = []\n").required == ()


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = own_file(tmp_path, b"\xef\xbb\xbflow_execution = 0.8\n")
    assert load_policy(path).low_execution == Decimal("0.8")


@pytest.mark.parametrize("written", ["0", "0.0", "12", "0.333", "0.1", '"0.85"'])
def test_a_number_is_taken_as_written(tmp_path: Path, written: str) -> None:
    tolerance = own_policy(tmp_path, f"weight_tolerance = {written}\n").weight_tolerance
    assert str(tolerance) == written.strip('"')


@pytest.mark.parametrize("written", ["0", "0.9", "1", "1.00"])
def test_a_rate_is_a_fraction(tmp_path: Path, written: str) -> None:
    assert own_policy(tmp_path, f"low_execution = {written}\n").low_execution == Decimal(written)


def test_any_head_field_may_be_required(tmp_path: Path) -> None:
    policy = own_policy(tmp_path, 'required = ["project_code", "finance_leader", "report_date"]\n')
    assert policy.required == ("project_code", "finance_leader", "report_date")


def test_a_file_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    assert own_policy(tmp_path, "low_execution = 0.8\n").low_execution == Decimal("0.8")
    assert own_policy(tmp_path, "low_execution = 0.7\n").low_execution == Decimal("0.7")


# --- what cannot be used -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("low_exekution = 0.8", "low_exekution"),
        ("[thresholds]\nlow_execution = 0.8", "thresholds"),
        ('name = "mine"', "name"),
        ('low_execution = "ninety"', "low_execution"),
        ("low_execution = true", "low_execution"),
        ("low_execution = [0.9]", "low_execution"),
        ("low_execution = 2021-12-31", "low_execution"),
        ("low_execution = nan", "low_execution"),
        ("low_execution = inf", "low_execution"),
        ("low_execution = -0.9", "low_execution"),
        ("low_execution = 90", "low_execution = 90 must be a fraction"),
        ("low_execution = 1.01", "low_execution = 1.01 must be a fraction"),
        ("execution_weight = 120", "execution_weight = 120 is above total_weight = 100"),
        ("total_weight = 5", "total_weight = 5"),
        ('required = ["项目名称"]', "项目名称"),
        ('required = ["project_name", "projekt"]', "projekt"),
        ("execution_weight = {points = 10}", "execution_weight"),
        ('required = "project_name"', "required"),
        ("required = [1, 2]", "required"),
        ("required = 5", "required"),
        ('based_on = "guangdong"', "guangdong"),
        ("based_on = 7", "based_on"),
        ('based_on = ["strict"]', "based_on"),
        ('based_on = "own.toml"', "own.toml"),
        ("low_execution = ", "TOML"),
        ("low_execution = 0.8\nlow_execution = 0.9", "TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence_that_names_the_trouble(
    tmp_path: Path, text: str, named: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        own_policy(tmp_path, text)
    for message in caught.value.message:
        assert named.split(" must ")[0].split(" is above ")[0] in message
        assert "own.toml" in message
        assert "\n" not in message
    assert named in caught.value.message.en


def test_a_name_that_is_neither_a_policy_nor_a_file_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(PolicyError, match="mof-1999") as caught:
        load_policy("mof-1999")
    assert all(name in str(caught.value) for name in SHIPPED)
    assert "\n" not in str(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no such policy or file"):
        load_policy(str(tmp_path))


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe\x41\x00", b"low_execution = 0.8\xff"])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(PolicyError, match="not a TOML file"):
        load_policy(own_file(tmp_path, content))


def test_a_file_in_gbk_is_refused_by_that_name(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="saved in GBK") as caught:
        load_policy(own_file(tmp_path, "# 某县的办法\nlow_execution = 0.8\n".encode("gb18030")))
    assert "GBK" in caught.value.message.zh
    assert "UTF-8" in caught.value.message.zh


# --- which policy a form is held to ------------------------------------------------------------------


def fund_block(weight: str) -> Record:
    """A form whose total line weighs that much."""
    return record_of(
        "| 资金来源 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |\n"
        f"| 年度资金总额 | 100 | 95 | {weight} | 95% | |\n"
    )


@pytest.mark.parametrize(
    ("weight", "name"),
    [
        ("10", "mof-2020"),
        ("10.0", "mof-2020"),
        ("10分", "mof-2020"),
        ("20", "hubei-20-80"),
        ("20.00", "hubei-20-80"),
        ("15", "mof-2020"),
        ("", "mof-2020"),
        ("—", "mof-2020"),
        ("二十五O", "mof-2020"),
    ],
)
def test_the_execution_weight_shows_the_scheme(weight: str, name: str) -> None:
    assert policy_for(fund_block(weight), None).name == name


@pytest.mark.parametrize(("points", "name"), [("10", "mof-2020"), ("20", "hubei-20-80"), ("30", "mof-2020")])
def test_a_weight_in_the_label_of_the_fund_block_shows_the_scheme(points: str, name: str) -> None:
    record = record_of(
        f"| 预算执行情况（{points}分） | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（{points}分*执行率） |\n"
        "| 年度财政资金总额 | 100 | 95 | 95% | |\n"
    )
    assert policy_for(record, None).name == name


@pytest.mark.parametrize(
    ("weights", "total", "name"),
    [
        (("50", "30"), "", "hubei-20-80"),
        (("46.67", "33.32"), "100", "hubei-20-80"),
        (("50", "40"), "", "mof-2020"),
        (("60", "40"), "", "mof-2020"),
        (("50", "45"), "", "mof-2020"),
        (("60", "40"), "120", "hubei-20-80"),
    ],
)
def test_without_a_weight_of_execution_the_points_that_are_left_over_show_the_scheme(
    weights: tuple[str, str], total: str, name: str
) -> None:
    record = record_of(
        "| 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n"
        f"| 培训人数 | ≥80人 | 80人 | {weights[0]} | 10 |\n"
        f"| 满意度 | ≥90% | 92% | {weights[1]} | 10 |\n"
        f"| 总分 | | | {total} | 20 |\n"
    )
    assert policy_for(record, None).name == name


def test_a_form_without_funds_is_held_to_the_national_rules() -> None:
    record = record_of("| 三级指标 | 年度指标值 | 实际完成值 |\n| 培训人数 | ≥80人 | 80人 |\n")
    assert policy_for(record, None).name == "mof-2020"


def test_the_policy_that_the_user_names_wins_over_the_one_that_the_form_shows() -> None:
    strict = load_policy("strict")
    assert policy_for(fund_block("20"), strict) is strict


def test_the_strict_policy_is_never_chosen_by_itself() -> None:
    assert {policy_for(fund_block(str(weight)), None).name for weight in range(0, 101, 5)} == {
        "mof-2020",
        "hubei-20-80",
    }


# --- what people get wrong, and how it is said --------------------------------------------------------


def refusal(folder: Path, text: str) -> str:
    """The Chinese sentence that a file with this text is refused with."""
    with pytest.raises(PolicyError) as caught:
        own_policy(folder, text)
    assert "\n" not in caught.value.message.zh + caught.value.message.en
    return caught.value.message.zh


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("low_excution = 0.8", "low_execution"),
        ("Low_Execution = 0.8", "low_execution"),
        ('based_on = "mof2020"', "mof-2020"),
        ('required = ["project_nam"]', "project_name"),
        ('required = ["项目名称"]', "project_name"),
        ("[level_weights]\noutputs = 50", "output"),
        ('[level_weights]\n"效益指标" = 50', "benefit"),
    ],
)
def test_a_name_that_is_nearly_right_is_suggested(tmp_path: Path, text: str, meant: str) -> None:
    assert f"（是不是 {meant}？）" in refusal(tmp_path, text)


def test_a_policy_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(PolicyError, match=r"did you mean hubei-20-80\?"):
        load_policy("hubei-2080")


def test_weights_must_make_the_whole(tmp_path: Path) -> None:
    assert "20 加 [level_weights] 合计 90 是 110" in refusal(tmp_path, "execution_weight = 20\n")
    assert "10 加 [level_weights] 合计 95 是 105" in refusal(
        tmp_path, "[level_weights]\noutput = 50\nbenefit = 30\nsatisfaction = 15\n"
    )
    assert "是 100，应为 total_weight 120" in refusal(tmp_path, "total_weight = 120\n")
    levels = "execution_weight = 20\n[level_weights]\noutput = 40\nbenefit = 30\nsatisfaction = 10\n"
    assert sum(own_policy(tmp_path, levels).level_weights.values()) == 80
    assert own_policy(tmp_path, "execution_weight = 20\nlevel_weights = {}\n").level_weights == {}


def test_grades_must_fall_and_leave_no_total_without_one(tmp_path: Path) -> None:
    rising = '[grades]\n"优" = 80\n"良" = 90\n"差" = 0\n'
    assert "良 = 90 不低于前面的 优 = 80" in refusal(tmp_path, rising)
    assert "良 = 90 不低于" in refusal(tmp_path, rising.replace("80", "90"))
    assert "最低等级从 80 分起" in refusal(tmp_path, '[grades]\n"优" = 90\n"良" = 80\n')
    assert "超过 total_weight = 100" in refusal(tmp_path, '[grades]\n"优" = 101\n"差" = 0\n')
    four = own_policy(tmp_path, '[grades]\n"优秀" = 90\n"良好" = 75\n"合格" = 60\n"不合格" = 0\n')
    assert [four.grade(Decimal(score)) for score in ("90", "75", "74.9", "0")] == [
        "优秀",
        "良好",
        "合格",
        "不合格",
    ]
    assert own_policy(tmp_path, "[grades]\n").grade(Decimal(50)) == ""


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("based_on = “strict”", "引号、等号等须用半角"),
        ("low_execution ＝ 0.9", "引号、等号等须用半角"),
        ("[grades]\n优 = 90", "第 2 行第 1 列起不是有效的 TOML（Invalid statement）；中文须写在半角引号中"),
        ('low_execution = "90%"', "应为 0 到 1 的小数，90% 写作 0.9"),
        ("grades = 5", 'grades 应写成 [grades]，下一行 "优" = 90'),
        ('required = "contact"', 'required 应为字段名的列表，如 required = ["project_name", "contact"]'),
        ("[execution_weight]\npoints = 5.0", 'execution_weight = {"points": 5.0} 不是数'),
        ("[grades]\n'优' = 'A'", 'grades.优 = "A" 不是数'),
    ],
)
def test_a_slip_of_the_pen_is_named(tmp_path: Path, text: str, hint: str) -> None:
    assert hint in refusal(tmp_path, text)


def test_a_file_nested_beyond_reason_is_refused(tmp_path: Path) -> None:
    assert "不是有效的 TOML" in refusal(tmp_path, f"required = {'[' * 5000}")


def test_a_file_named_as_a_shipped_policy_is_told_from_it(tmp_path: Path) -> None:
    assert own_policy(tmp_path, "low_execution = 0.8\n", "strict.toml").name == "strict.toml"


def test_every_key_has_its_meaning_and_its_checks() -> None:
    assert list(KEYS) == [field.name for field in dataclasses.fields(Policy) if field.name != "name"]
    for name, key in KEYS.items():
        assert key.zh and key.en and key.kind in UNITS
        assert set(key.checks.split(", ")) <= set(ALL_CHECKS), name


def test_the_file_of_the_documentation_is_a_policy(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "policies.md").read_text(encoding="utf-8")
    example, default = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    policy = own_policy(tmp_path, example)
    assert (policy.execution_weight, policy.grade(Decimal(80))) == (20, "良好")
    assert dataclasses.replace(own_policy(tmp_path, default), name="mof-2020") == load_policy()
