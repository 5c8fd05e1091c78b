"""Files of this machine: opened once, recognised by their bytes, TOML read with a guard."""
