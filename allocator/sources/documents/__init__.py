"""What a document of papers holds: lists, budget lines, and what is in none of them."""
