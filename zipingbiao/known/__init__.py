"""Findings that are known already: those of an earlier run, and those that were accepted."""
