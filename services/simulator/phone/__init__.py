"""The phone network as this project reads Twilio's documents: strict, and with code of its own."""
