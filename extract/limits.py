"""How much of a file is read. Submissions come from strangers: whatever goes beyond this is refused in a sentence.

A docx that stays just inside these bounds takes at most 280 MB on top of its own bytes and 2.5 seconds
(measured as peak resident memory over 25 files made for it; CPython 3.11, lxml 6.1, x86-64). A form of 200 cells
takes 2 MB.
"""

_MB = 1024 * 1024

MAX_FILE_BYTES = 200 * _MB
"""A file as it lies on disk. Forms with photographs of evidence reach tens of megabytes, never this."""

MAX_TEXT_BYTES = 32 * _MB
"""A plain text file. A form is some 5 KB of text: this is thousands of forms in one file."""

MAX_XML_BYTES = 32 * _MB
"""The unpacked XML of one file, all parts that are read together. A form is 20 to 200 KB of it; deflate
packs a gigabyte of blanks into one megabyte, so the size of the file says nothing."""

MAX_TREE_BYTES = 160 * _MB
"""The parsed XML. A tree takes 15 times the memory of XML as Word writes it and up to 52 times that of XML
written to do harm, so ``MAX_XML_BYTES`` alone would let 1.6 GB through. Word's own XML reaches this at
about 11 MB, which is some 90 forms of 200 cells with every run formatted by hand."""

MAX_PARTS = 10_000
"""The entries of a zip container. A directory entry of 50 bytes becomes an object of 600."""

MAX_COLUMNS = 1_000
"""The columns of a table, and so of one cell. Word stops at 63, and a span is a number that anyone can write."""

MAX_SLOTS = 400_000
"""The slots of all grids of one file, padding included: 400 forms of 50 rows and 20 columns. A blank slot
is an object with a place, 200 bytes."""

MAX_TABLES = 20_000
"""The tables of one file. An empty one takes no slot, but 10 µs and 11 bytes: a file of 20 KB took 12 s."""

MAX_CHANGES = 200_000
"""The tracked changes, text boxes and hidden runs of one file. They are sorted out from a list, which takes
400 bytes for each on top of its place in the tree."""

MAX_PAGES = 3_000
"""The pages of one PDF or OFD. A number in the file says how many there are, and anyone can write it."""

MAX_PAGE_CHARACTERS = 60_000
"""The characters of one page of a PDF or OFD. A page packed full has some 6,000."""

MAX_PAGE_OBJECTS = 60_000
"""The lines, pictures and pieces of text drawn on one page of a PDF or OFD. A dense form has some 1,500."""

MAX_PAGE_POINTS = 200_000
"""The points of all lines drawn on one page of a PDF or OFD: a map or a seal drawn in curves has tens of thousands."""

MAX_PDF_PIECES = 2_000_000
"""Characters and drawn objects of all pages of one PDF or OFD together, each of which costs some microseconds."""

MAX_RULES = 3_000
"""The ruling lines of one page, pieces put together. A table of 200 rows and 40 columns has 240."""

MAX_CONTENT_BYTES = 4 * _MB
"""What one stream of a PDF draws, unpacked. A form is 20 to 60 KB of it; pdfium takes 230 bytes for each
character and 300 for each line before it can be asked how many there are."""

MAX_CONTENT_TEXT = 600_000
"""The bytes of text in one such stream."""

MAX_PDF_CONTENT_BYTES = 96 * _MB
"""All such streams of one PDF, or all XML of one OFD: 2,000 pages of 50 KB."""

MAX_PICTURE_PIXELS = 100_000_000
"""The pixels of one picture: A3 at 600 dpi has 70 million. Unpacked, each takes 3 bytes, and 6 while it is cleaned."""

MAX_RECOGNIZED_PAGES = 200
"""The scanned pages of one file. Each takes two seconds of a core."""

MAX_PLACED_BYTES = 16 * _MB
"""What a page of a PDF draws by placing content that stands elsewhere, that within such content included: ten
levels of ten each make a page out of two kilobytes that nobody finishes."""
