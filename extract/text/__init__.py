"""Plain text: what stands in it as a table, and what as paragraphs."""
