"""What people ask for, one module each."""
