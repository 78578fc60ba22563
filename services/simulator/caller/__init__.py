"""A stand-in for the caller: hears the agent, follows her scenario, speaks recorded lines."""
