"""Workbooks, looked into before they are read."""
