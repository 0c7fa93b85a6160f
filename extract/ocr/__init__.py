"""Read pictures of pages: scans and photographs. Needs the packages of the extra ``ocr``."""
