"""A stand-in for the Realtime API: a server on loopback that really hears and speaks."""

from services.simulator.realtime.server import RealtimeNote, RealtimeServer

__all__ = ["RealtimeNote", "RealtimeServer"]
