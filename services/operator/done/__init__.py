"""What an operator does to a stage's data."""
