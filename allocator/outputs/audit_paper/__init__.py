"""The working paper of an audit: content, and the same as HTML, workbook, CSV and JSON."""
