"""One page that holds a whole call, whatever its callers said."""

import math
import re
from array import array

from services.call_page import CallPage, Event, Expectation, Record, Sound, build

HOSTILE = """</script></style><img src=x onerror="alert(1)"><svg onload='x'>&amp;"""


def a_page(**changed: object) -> CallPage:
    shown: dict[str, object] = {
        "title": "A call", "facts": [("caller", HOSTILE)], "result": HOSTILE, "well": False,
        "events": [
            Event(1000, "caller", HOSTILE, 900, detail=HOSTILE),
            Event(2500, "agent", "Hello", 700, fixed=True),
            Event(3000, "agent", "We fix anything", unheard=True),
            Event(3500, "tool", "quote", extra=HOSTILE),
        ],
        "records": [Record(HOSTILE, [("name", HOSTILE)])],
        "expected": [Expectation(HOSTILE, HOSTILE)], "metrics": [(HOSTILE, HOSTILE)],
        "notes": [HOSTILE], "marks": [2700],
    }  # fmt: skip
    return CallPage(**(shown | changed))  # type: ignore[arg-type]


def test_hostile_words_are_words_and_nothing_else() -> None:
    page = build(a_page(title=HOSTILE))
    assert "<img" not in page
    assert "<svg onload" not in page
    assert page.count("</script>") == 1
    assert "&lt;img src=x onerror=" in page


def test_the_page_runs_only_its_own_script_and_asks_nobody() -> None:
    page = build(a_page())
    assert "default-src 'none'" in page
    assert re.search(r"script-src 'sha256-[\w+/=]+'", page)
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)


def test_what_the_caller_never_heard_is_marked_as_such() -> None:
    page = build(a_page())
    assert '<li class="agent unheard">' in page
    assert '<li class="agent fixed">' in page


def test_a_recording_is_inside_the_page_and_every_line_can_be_heard() -> None:
    tone = array("h", (round(9000 * math.sin(n / 5)) for n in range(32_000)))
    page = build(a_page(sound=Sound(tone, array("h", bytes(64_000)))))
    assert 'src="data:audio/wav;base64,UklGR' in page
    assert page.count("<button data-at=") == 4
    assert 'class="wave caller" d="M' in page


def test_without_a_recording_nothing_offers_to_play() -> None:
    page = build(a_page())
    assert "<audio" not in page
    assert "<button" not in page
