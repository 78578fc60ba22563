"""What the caller's sound becomes: turns, user items, transcriptions."""
