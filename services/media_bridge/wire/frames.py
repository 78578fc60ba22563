"""What a codec says of a frame that is none of its protocol's."""


class WireError(ValueError):
    """The frame cannot be read; the message never quotes it, for it may hold speech."""
