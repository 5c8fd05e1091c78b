"""The live part of the workbook: every step as a formula and as a value."""
