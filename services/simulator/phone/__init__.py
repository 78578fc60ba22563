"""A stand-in for Twilio, as its documents are read here: strict, and with code of its own."""
