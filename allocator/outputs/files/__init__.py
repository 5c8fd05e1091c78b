"""The files of an output folder, put into place together."""
