"""The caller's side: what they know, want and are like, and how they put it."""
