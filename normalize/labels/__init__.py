"""Which field of the schema a printed label means."""
