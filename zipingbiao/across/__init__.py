"""What must agree across the forms of a run. Importing this package fills its table of checks."""

from zipingbiao.across import alike, copies, departments, differing, years
from zipingbiao.across.registry import ACROSS
from zipingbiao.across.stage import Across

__all__ = ["ACROSS", "Across", "alike", "copies", "departments", "differing", "years"]
