"""From bytes to blocks: `formats.read_source` sends a file to the reader of what it holds.

sniff.py says what that is; text, markdown, csv, html, docx, xlsx, xls and pdf each give a `Source`;
spans.py makes their merged cells a grid, archive.py opens what is packed only if it is safe.
"""
