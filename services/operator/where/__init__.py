"""Where a stage keeps things: its tables, its logs, and on a laptop the texts that were sent."""
