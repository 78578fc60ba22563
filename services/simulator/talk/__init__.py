"""The phone in the browser: a page on loopback that talks to the local stack, and watches it."""
