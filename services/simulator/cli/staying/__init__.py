"""The stack that stays up: its own door, and what goes through it."""
