"""One module a sheet."""
