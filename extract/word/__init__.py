"""Word processors: .docx, .doc, .odt, .rtf."""
