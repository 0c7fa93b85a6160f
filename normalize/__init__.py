"""From a `Document` to a `Record`: this package knows the form, and no file format."""
