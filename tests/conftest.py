"""For every test: hypothesis never judges by the clock, since machines are small and shared."""

from hypothesis import settings

settings.register_profile("callwright", deadline=None)
settings.load_profile("callwright")
