"""What is told of a call: as lines for a terminal, masked, and free of what could move a cursor."""
