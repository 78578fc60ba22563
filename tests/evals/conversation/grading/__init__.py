"""What one call is worth, and what many of them tell."""
