"""A run over many files: read each, remember it, and write the tables of all."""
