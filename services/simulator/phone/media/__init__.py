"""Sound on the line in frames of 20 ms, and what became of each one."""
