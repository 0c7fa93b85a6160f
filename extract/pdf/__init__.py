"""PDF with a text layer: characters and rules of a page, and the tables that they make."""
