"""What the text of a cell says: numbers with their units, ranges, dates, words, nothing."""
