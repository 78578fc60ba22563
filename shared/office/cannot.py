"""Why the office's wish is not done, in one line."""


class CannotDo(Exception):
    """It cannot be done, or not any more; the message says why, and nothing was written unless it
    says so."""
