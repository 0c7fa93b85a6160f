"""How a number was obtained: the printed numbers, what was done with them, and what came out, or why nothing did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from extract.document import Bilingual, Cell, Line
from normalize.values.exact import EXACT

#: a spreadsheet computes with this many digits, whatever is typed
SPREADSHEET_DIGITS = 15
_SPREADSHEET = Context(prec=SPREADSHEET_DIGITS, rounding=ROUND_HALF_UP)
#: scores and totals have so many decimals at least
SCORE_PLACES = 2
_NUMBER = re.compile(r"[0-9.]+")
_FORMULA = re.compile(r"ROUND\((?:[0-9.,+*/()-]|MIN|MAX)+\)")
#: the signs of a spreadsheet, and those that people write
_SIGNS = {"*": " × ", "/": " ÷ ", "+": " + ", ",": ", ", "MIN": "min", "MAX": "max"}


def is_formula(text: str) -> bool:
    """Whether a text is nothing but arithmetic on numbers: no cell, no name, no other function.

    >>> is_formula("ROUND(10*MIN(3.65/23,1),2)"), is_formula("ROUND(A1,2)"), is_formula("HYPERLINK(1)")
    (True, False, False)
    """
    return _FORMULA.fullmatch(text) is not None


def digits(number: Decimal) -> str:
    """A number as formulas write it: exact, without zeros at the end, a negative one in brackets.

    >>> digits(Decimal("114.5600")), digits(Decimal("1.2879E+6")), digits(Decimal("-3"))
    ('114.56', '1287900', '(-3)')
    """
    text = format(EXACT.normalize(number), "f") if number else "0"
    return f"({text})" if number < 0 else text


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient as formulas write it, and its two exact parts; ``under`` is never 0."""

    text: str
    over: Decimal
    under: Decimal

    @property
    def exact(self) -> Decimal:
        """The quotient, to more digits than any rounding needs."""
        return EXACT.divide(self.over, self.under)

    def of(self, weight: Decimal) -> Decimal:
        """The ratio's share of a weight, from nothing to the whole, before rounding.

        The division comes last, so that a half to be rounded up is a half exactly.
        """
        if self.over <= 0:
            return Decimal(0)
        if self.over >= self.under:
            return weight
        return EXACT.divide(EXACT.multiply(weight, self.over), self.under)

    def share_text(self, weight: Decimal) -> str:
        """How a formula writes that share: ``10*MIN(3.65/23,1)``."""
        if self.text == WHOLE.text:
            return digits(weight)
        if self.over < 0:
            return f"{digits(weight)}*MAX({self.text},0)"
        return f"{digits(weight)}*MIN({self.text},1)"


#: a target that is met where no quotient says so
WHOLE = Ratio("1", Decimal(1), Decimal(1))


@dataclass(frozen=True, slots=True)
class Working:
    """A number with the way to it.

    ``number`` is the result, rounded; None where there is none, and ``rule`` says why: else it says which rule
    gave it. ``text`` is the arithmetic in a spreadsheet's signs, without the rounding, and ``exact`` what it
    gives; ``cells`` are the cells of the printed numbers in it.
    """

    number: Decimal | None
    rule: Bilingual
    text: str = ""
    exact: Decimal = Decimal(0)
    cells: tuple[Cell | Line, ...] = ()

    @property
    def formula(self) -> str:
        """``ROUND(10*MIN(3.65/23,1),2)``: what a spreadsheet computes to the same number.

        Blank without a number, and where the 15 digits of a spreadsheet would give another one.
        """
        if self.number is None:
            return ""
        exponent = self.number.as_tuple().exponent
        places = max(SCORE_PLACES, -exponent if isinstance(exponent, int) else 0)
        operands = _NUMBER.findall(self.text)
        if any(len(one.replace(".", "").strip("0")) > SPREADSHEET_DIGITS for one in operands):
            return ""
        is_same = rounded(_SPREADSHEET.plus(self.exact), places) == self.number
        return f"ROUND({self.text},{places})" if is_same else ""

    @property
    def spoken(self) -> str:
        """The arithmetic as people write it, ``10 × min(3.65 ÷ 23, 1)``; blank without a number."""
        signs = re.compile("|".join(map(re.escape, _SIGNS)))
        return "" if self.number is None else signs.sub(lambda sign: _SIGNS[sign[0]], self.text)

    def columns(self, name: str, lang: str) -> dict[str, str]:
        """The two columns of a table that say how the number in its column ``name`` was obtained."""
        return {f"{name}_formula": self.formula, f"{name}_rule": self.rule.in_language(lang)}

    @property
    def place(self) -> str:
        """All places of the printed numbers, parted by semicolons."""
        return "; ".join(dict.fromkeys(cell.where.place for cell in self.cells))


def rounded(number: Decimal, places: int) -> Decimal:
    """A number with so many decimals, halves away from zero."""
    return number.quantize(Decimal(1).scaleb(-places), context=EXACT)
