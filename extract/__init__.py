"""From any file to a `Document`: this package knows file formats, and not one word of the form."""
