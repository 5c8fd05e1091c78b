"""Plans: TOML in, frozen and validated objects out. Nothing is computed here."""
