"""Lambda and API Gateway on a laptop: a process for each function, and requests as events."""
