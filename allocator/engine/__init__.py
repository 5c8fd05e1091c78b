"""Shares, quotas, amounts: exact arithmetic on what it is given. No files."""
