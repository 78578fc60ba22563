"""What is kept: the five tables, their daily exports, and the catalog over those."""
