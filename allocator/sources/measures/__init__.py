"""Measures: a number for each organisation, with a date."""
