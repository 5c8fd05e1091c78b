"""PDF: pages, their lines and rulings, looked into before they are read."""
