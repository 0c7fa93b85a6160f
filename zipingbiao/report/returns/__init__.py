"""What goes back to the units: their own documents with the findings in them, and a letter that lists the findings."""
