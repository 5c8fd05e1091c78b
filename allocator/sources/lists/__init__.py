"""Published lists, from tables, papers and our own outputs."""
