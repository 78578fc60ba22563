"""What is typed: a module for each command, and the parser above them."""
