"""The workbook as a thing: sheets, cells, styles, limits."""
