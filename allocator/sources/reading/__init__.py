"""Opening files: each is read once, and everything works on the bytes that were read then."""
