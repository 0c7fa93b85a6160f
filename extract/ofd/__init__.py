"""OFD (GB/T 33190): the text and the lines of its pages, handed to what makes tables of a PDF's."""
