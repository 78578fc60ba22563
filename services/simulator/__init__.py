"""The outside world on a laptop: phone, phone network, Realtime server, Stripe, AWS."""
