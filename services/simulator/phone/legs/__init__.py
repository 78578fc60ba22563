"""The sides of a call: the caller's leg, a dialled person's leg, the stream to us."""
