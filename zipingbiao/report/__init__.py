"""Bring the tables to people: files that spreadsheets and programs open."""
