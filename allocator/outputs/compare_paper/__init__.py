"""What `compare` writes: content, and the same as HTML, workbook, CSV and JSON."""
