"""Working papers of an audit: what was found in the forms of a unit, in a Word template that an office can replace."""
