"""The call on one time line, as SVG: both voices, and below them what happened when."""

from collections.abc import Iterator, Sequence
from html import escape

from services.call_page.page import LANES, CallPage, Event, Lane
from services.call_page.sound import ms_of, outline

PER_S = 12.0  # pixels of a second
LEFT, WAVE, ROW, TOP = 76, 46, 24, 22
NAMES: dict[Lane, str] = {
    "caller": "Caller", "agent": "Agent", "tool": "Tools", "guard": "Guards",
    "phone": "Phone", "text": "Texts", "payment": "Payment",
}  # fmt: skip


def clock(ms: int) -> str:
    """62,300 ms is 1:02."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"


def svg(page: CallPage) -> str:
    """Return the picture. What a click seeks to is in `data-at`, in seconds."""
    ends = [event.at_ms + event.lasts_ms for event in page.events]
    length = max([*ends, ms_of(page.sound) if page.sound else 0, 10_000])
    used = [lane for lane in LANES if any(event.lane == lane for event in page.events)]
    width = round(LEFT + length / 1000 * PER_S + 20)
    waves = 2 * WAVE if page.sound else 0
    height = TOP + waves + ROW * (len(used) + bool(page.marks)) + 8
    parts = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="Time line of {clock(length)} minutes; the transcript below tells the same" '
        f'data-left="{LEFT}" data-per-s="{PER_S}">',
        *_ruler(length, height),
    ]
    if page.sound:
        samples = length * 8
        for n, lane in enumerate(("caller", "agent")):
            voice = page.sound.caller if lane == "caller" else page.sound.agent
            parts.append(_wave(voice, lane, TOP + n * WAVE, width - LEFT - 20, samples))
    for n, lane in enumerate(used):
        y = TOP + waves + n * ROW
        parts.append(f'<text class="lane" x="4" y="{y + 16}">{NAMES[lane]}</text>')
        parts += [_mark(event, y) for event in page.events if event.lane == lane]
    if page.marks:
        y = TOP + waves + ROW * len(used)
        ticks = "".join(f"M{LEFT + at / 1000 * PER_S:.1f} {y + 6}v12" for at in page.marks)
        parts.append(f'<text class="lane" x="4" y="{y + 16}">Marks</text>')
        parts.append(f'<path class="wave" stroke="currentColor" d="{ticks}"/>')
    parts.append(f'<line class="now" x1="{LEFT}" x2="{LEFT}" y1="0" y2="{height}"/></svg>')
    return "".join(parts)


def _ruler(length: int, height: int) -> Iterator[str]:
    for second in range(0, length // 1000 + 1, 10):
        x = LEFT + second * PER_S
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="16" y2="{height}"/>'
        yield f'<text class="time" x="{x + 2}" y="12">{clock(second * 1000)}</text>'


def _wave(voice: Sequence[int], lane: str, y: int, columns: int, samples: int) -> str:
    middle, half = y + WAVE / 2, WAVE / 2 - 2
    path = "".join(
        f"M{LEFT + n} {middle - loud * half:.1f}V{middle + loud * half:.1f}"
        for n, loud in enumerate(outline(voice, columns, samples))
        if loud > 0.02
    )
    name = NAMES["caller" if lane == "caller" else "agent"]
    return (
        f'<text class="lane" x="4" y="{middle + 4}">{name}</text>'
        f'<path class="wave {lane}" d="{path}"/>'
    )


def _mark(event: Event, y: int) -> str:
    x = LEFT + event.at_ms / 1000 * PER_S
    wide = max(event.lasts_ms / 1000 * PER_S, 5)
    kinds: list[str] = [event.lane]
    kinds += ["cut"] if event.cut else []
    kinds += ["unheard"] if event.unheard else []
    kinds += ["fixed"] if event.fixed else []
    tip = escape(f"{clock(event.at_ms)} {event.text}" + (f"\n{event.detail}" * bool(event.detail)))
    return (
        f'<rect class="{" ".join(kinds)}" x="{x:.1f}" y="{y + 4}" width="{wide:.1f}" height="16" '
        f'rx="3" data-at="{event.at_ms / 1000:.2f}"><title>{tip}</title></rect>'
    )
