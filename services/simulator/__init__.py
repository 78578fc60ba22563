"""Stand-ins for the outside world, on a laptop: caller, phone network, model, Stripe, AWS.

Nothing in here is deployed. It reads the protocols with code of its own, so that two independent
readings of them meet on the wire.
"""
