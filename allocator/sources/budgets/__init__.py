"""Budget lines, and the totals that they make."""
