"""Workbook, CSV, manifest, words: render what is given, compute nothing."""
