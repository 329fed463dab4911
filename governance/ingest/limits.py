"""How much a file may hold and how much reading it may take; both the site and the process that reads keep to these."""

FILE_BYTES = 50 * 1024**2
UNPACKED_BYTES = 300 * 1024**2  # a docx is a zip: what all its parts may come to
PARAGRAPHS = 100_000
PARAGRAPH_CHARACTERS = 100_000
CHARACTERS = 20_000_000
PDF_PAGES = 5_000

SECONDS = 60
MEMORY_BYTES = 1024**3
OUTPUT_BYTES = 256 * 1024**2
