"""The one reader of tables: headers, units, codes, names, carry-down, what was left out."""
