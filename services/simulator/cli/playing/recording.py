"""The recording of a played call, as a stereo file: the caller left, the agent right."""

import asyncio
from pathlib import Path

from services.simulator.cli.playing.view import LiveView
from services.simulator.phone.calls import CallRecord
from services.simulator.speech.sound import write_stereo


async def record(call: CallRecord, wav: Path, view: LiveView) -> str:
    """Write it and return its path; "" when it could not be written."""
    try:
        await asyncio.to_thread(write_stereo, wav, call.caller_audio, call.agent_audio)
    except OSError as exc:  # a full disk must not cost the report of the call
        view.progress(f"no recording: {wav}: {exc.strerror}")
        return ""
    return str(wav)
