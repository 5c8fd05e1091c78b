"""Plain values of the field: codes, organisations, fiscal years, yen. No files, no clock."""
