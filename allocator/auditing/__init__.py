"""Comparing lists and amounts: differences as data."""
