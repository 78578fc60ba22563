"""One call as one self-contained HTML page: what was said, cut, done, texted, paid and expected.

Pure: the simulator, the talk page and `make story` hand in what they know and get text back.
"""

from services.call_page.html import build
from services.call_page.page import CallPage, Event, Expectation, Record, Sound

__all__ = ["CallPage", "Event", "Expectation", "Record", "Sound", "build"]
