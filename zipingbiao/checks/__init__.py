"""What must add up. Importing this package fills the table of checks."""

from zipingbiao.checks import (
    explained,
    funds,
    goals,
    habits,
    reading,
    scores,
    targets,
    texts,
    texts_own,
    texts_words,
    weights,
)
from zipingbiao.checks.registry import CHECKS, SEVERITIES, Check, Finding, Problem, chosen, run_checks

__all__ = [
    "CHECKS",
    "SEVERITIES",
    "Check",
    "Finding",
    "Problem",
    "chosen",
    "explained",
    "funds",
    "goals",
    "habits",
    "reading",
    "run_checks",
    "scores",
    "targets",
    "texts",
    "texts_own",
    "texts_words",
    "weights",
]
