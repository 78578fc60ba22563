"""What a call is played on: sound that knows its words, a phone line, a Realtime server."""
