"""One synthetic call that asks whether a deployment answers the phone."""
