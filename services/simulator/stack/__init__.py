"""The product and its stand-ins together on a laptop: started in order, and always ended."""
