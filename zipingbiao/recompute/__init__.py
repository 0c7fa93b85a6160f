"""What a form should have said: rates, scores and totals from its own numbers, and how each was obtained."""
