"""The sheet that says what each column of each table holds, from the one list of them."""

from __future__ import annotations

from collections.abc import Mapping

from extract.document import Bilingual
from zipingbiao.columns import ABOUT, TABLES, Column, Row

#: what a column holds
KINDS = {
    "text": Bilingual("文字", "text"),
    "decimal": Bilingual("小数", "exact decimal"),
    "integer": Bilingual("整数", "integer"),
    "value": Bilingual("数或文字", "number or words"),
}
COLUMNS = (
    Column("table", "text", "表", "the table"),
    Column("row_is", "text", "一行是", "what a row of it is"),
    Column("column", "text", "列", "the column"),
    Column("meaning_zh", "text", "中文名称", "the column in Chinese"),
    Column("meaning_en", "text", "英文含义", "what the column holds"),
    Column("kind", "text", "类型", "text, exact decimal, integer, or number or words"),
    Column("counted_in", "text", "计量单位", "what its numbers count"),
)
WRAPPED = {"meaning_en": 70}
#: what is said of a table whose sheet holds only so many rows
BOUND = Bilingual("{}（工作簿中只列前 {:,} 行）", "{} (the workbook holds the first {:,})")


def dictionary_rows(lang: str, bounds: Mapping[str, int]) -> list[Row]:
    """A row a column of a table; ``bounds`` is how many rows of a table there are at most in the workbook."""
    return [
        {
            "table": table,
            "row_is": _row_is(table, bounds.get(table, 0), lang),
            "column": column.name,
            "meaning_zh": column.zh,
            "meaning_en": column.en,
            "kind": KINDS[column.kind].in_language(lang),
            "counted_in": column.unit.in_language(lang),
        }
        for table, columns in TABLES.items()
        for column in columns
    ]


def _row_is(table: str, bound: int, lang: str) -> str:
    said = Bilingual(ABOUT[table].zh, ABOUT[table].en).in_language(lang)
    return BOUND.in_language(lang).format(said, bound) if bound else said
