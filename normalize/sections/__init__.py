"""One module a part of the form; each reads rows into a `Draft`."""
