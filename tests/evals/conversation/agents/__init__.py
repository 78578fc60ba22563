"""Models that play: they understand their caller and are told the rest by the session alone."""
