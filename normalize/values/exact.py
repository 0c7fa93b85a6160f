"""The arithmetic of all recomputation: as many digits as numbers of a form can ever need, rounded half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context

#: a number of a form has at most 20 digits; quotients and sums of them stay far below this
EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
