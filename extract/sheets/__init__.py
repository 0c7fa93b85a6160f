"""Spreadsheets: what a person saw in them."""
