"""`call`: plays a scripted call and shows what it leaves."""

import argparse
import sys
from pathlib import Path

from services.simulator.cli.ending import FAILED, Unusable, ended
from services.simulator.cli.playing.play import play
from services.simulator.cli.playing.report import phonebook
from services.simulator.cli.playing.view import LiveView
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import Mode, Speech, SpeechUnavailable, open_speech
from services.simulator.stack.environment import CACHE

TEXT_MODE = "text mode: words travel as data in the audio frames; nobody hears or speaks"


def call(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: scenario, list, json, voice, text, speed, wav.

    Raises:
        Unusable, ScenarioError, SpeechUnavailable, MissingRecording: it cannot be played here.
        ChildFailed: a process of the stack did not start.
    """
    if arguments.list:
        for name in scenarios.names():
            print(f"{name:<24}{scenarios.load(name).title}")
        return 0
    scenario = scenarios.load(arguments.scenario)
    _writable(arguments.wav)
    speech = _speech(arguments)
    return ended(_played(scenario, speech, arguments))


def _writable(wav: Path) -> None:
    """Ask now, not after the call, whether the recording can be kept."""
    folder, existed = wav.resolve().parent, wav.exists()
    if not folder.is_dir():
        raise Unusable(f"--wav: there is no folder {folder}")
    try:
        wav.open("ab").close()
    except OSError as exc:
        raise Unusable(f"--wav: {wav} cannot be written: {exc.strerror}") from exc
    if not existed:
        wav.unlink()


def _speech(arguments: argparse.Namespace) -> Speech:
    wanted: Mode = "text" if arguments.text else "voice"
    try:
        return open_speech(wanted, CACHE)
    except SpeechUnavailable as exc:
        if arguments.voice:
            raise
        print(f"simulator: {exc}", file=sys.stderr)
        return open_speech("text")


async def _played(scenario: Scenario, speech: Speech, arguments: argparse.Namespace) -> int:
    numbers = phonebook(scenario.business, scenario.caller)
    view = LiveView(None if arguments.json else sys.stdout, phonebook=numbers)
    if not arguments.json:
        print(scenario.title)
        print("voice: real sound" if speech.mode == "voice" else TEXT_MODE, flush=True)
    report = await play(scenario, speech, view, speed=arguments.speed, wav=arguments.wav)
    if arguments.json:
        print(report.json())
    else:
        for line in report.lines():
            print(line)
    return 0 if report.passed else FAILED
