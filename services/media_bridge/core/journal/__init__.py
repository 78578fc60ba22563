"""The journal of a call: every event with the commands it led to, as lines that replay.

The token and card numbers are masked. A journal still holds names and words: it is written only
where JOURNAL_DIR says so.
"""

from services.media_bridge.core.journal.packing import EVENTS, pack, silence, unpack
from services.media_bridge.core.journal.replaying import events_of, replay
from services.media_bridge.core.journal.writing import TOKEN, Journal

__all__ = ["EVENTS", "TOKEN", "Journal", "events_of", "pack", "replay", "silence", "unpack"]
