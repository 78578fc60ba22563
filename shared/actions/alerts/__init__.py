"""An emergency that a caller told of: who is asked to take it, and who did."""
