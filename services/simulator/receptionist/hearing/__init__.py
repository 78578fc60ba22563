"""What the caller's words mean, wrong transcripts included. No notes, no tools."""
