"""What must add up. Importing this package fills the table of checks."""

from zipingbiao.checks import funds, goals, reading, scores, texts
from zipingbiao.checks.registry import CHECKS, SEVERITIES, Check, Finding, Problem, chosen, run_checks

__all__ = [
    "CHECKS",
    "SEVERITIES",
    "Check",
    "Finding",
    "Problem",
    "chosen",
    "funds",
    "goals",
    "reading",
    "run_checks",
    "scores",
    "texts",
]
