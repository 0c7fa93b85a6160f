"""From ruling lines to cells, without a PDF around them."""

from __future__ import annotations

import pytest

from extract.document import ReadError
from extract.pdf.lattice import Span, find_lattices, strokes


def box(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float, float, float]]:
    """The four sides of a rectangle."""
    return [
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    ]


def test_a_cell_that_is_no_rectangle_is_cut_into_rectangles() -> None:
    lines = [*box(0, 0, 100, 60), (0, 30, 50, 30), (50, 0, 50, 30), (50, 30, 50, 31)]
    (lattice,) = find_lattices(lines)
    assert lattice.cells == (Span(0, 0, 1, 1), Span(0, 1, 2, 2), Span(1, 0, 2, 1))


def test_cells_cover_every_slot_once() -> None:
    lines = [*box(0, 0, 90, 60), (30, 0, 30, 60), (60, 20, 60, 60), (0, 20, 90, 20), (30, 40, 90, 40)]
    (lattice,) = find_lattices(lines)
    slots = [
        (row, column)
        for cell in lattice.cells
        for row in range(cell.top, cell.bottom)
        for column in range(cell.left, cell.right)
    ]
    assert sorted(slots) == [(row, column) for row in range(3) for column in range(3)]
    assert Span(1, 0, 3, 1) in lattice.cells


def test_two_tables_side_by_side_are_two() -> None:
    assert [lattice.xs for lattice in find_lattices([*box(0, 0, 50, 20), *box(80, 0, 99, 20)])] == [
        (0, 50),
        (80, 99),
    ]


def test_lines_that_only_cross_are_no_table() -> None:
    assert find_lattices([(0, 10, 100, 10), (50, 0, 50, 20)]) == []
    assert find_lattices([(0, 10, 100, 10), (0, 30, 100, 30)]) == []


def test_a_gap_as_wide_as_a_cell_is_no_dash() -> None:
    across, down = strokes(
        [(0, 5, 40, 5), (52, 5, 90, 5), (0, 9, 3, 9), (5, 9, 8, 9), (10, 9, 13, 9), (15, 9, 18, 9)]
    )
    assert [(line.at, line.start, line.end) for line in across] == [(5, 0, 40), (5, 52, 90), (9, 0, 18)]
    assert down == []


def test_more_lines_than_any_page_has_are_refused() -> None:
    with pytest.raises(ReadError):
        find_lattices((0, 4.0 * number, 100, 4.0 * number) for number in range(4000))
