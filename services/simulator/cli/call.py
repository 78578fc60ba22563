"""`call`: plays a scripted call and shows what it leaves."""

import argparse
import json
import os
import sys
from pathlib import Path

from services.simulator.cli.ending import FAILED, Unusable, ended, note
from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.play import play
from services.simulator.cli.playing.report import opening, phonebook
from services.simulator.cli.playing.view import LiveView
from services.simulator.cli.staying.client import played_there
from services.simulator.cli.terminal import StartBar
from services.simulator.cli.up import speech_of
from services.simulator.scenarios import businesses
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import Expect, Scenario
from services.simulator.speech import Speech
from shared import local_stack
from shared.local_stack import LocalStack

WAV = Path("call.wav")
TEXT_MODE = "text mode: words travel as data in the audio frames; nobody hears or speaks"


def call(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: scenario, business, list, json, voice, text, speed, wav,
    verbose.

    A stack that is up plays it and keeps what it leaves; without one, and for a business that is
    named, it has a stack of its own.

    Raises:
        Unusable, ScenarioError, SpeechUnavailable, MissingRecording: it cannot be played here.
        ChildFailed: a process of the stack did not start.
    """
    if arguments.list:
        known = {name: scenarios.load(name).title for name in scenarios.names()}
        if arguments.json:
            print(json.dumps(known, ensure_ascii=False))
        for name, title in known.items() if not arguments.json else ():
            print(f"{name:<24}{title}")
        return 0
    scenario = scenarios.load(arguments.scenario)
    if arguments.wav is not None:
        _writable(arguments.wav)
    arguments.page = (arguments.wav or WAV).with_suffix(".html")
    if arguments.business:
        with businesses.rung(arguments.business) as business:
            # What the scenario expects besides are the terms of its own business.
            expect = Expect(outcome=scenario.expect.outcome, hazard=scenario.expect.hazard)
            other = scenario.model_copy(update={"business": business, "expect": expect})
            return ended(_played(other, speech_of(arguments), arguments))
    if stack := _stack_for(scenario, arguments):
        return ended(played_there(stack, arguments, wav_of(arguments, stack.mode)))
    with businesses.files_of(scenario.folder):
        return ended(_played(scenario, speech_of(arguments), arguments))


def wav_of(arguments: argparse.Namespace, mode: str) -> Path | None:
    """Where the sound goes: in text mode nowhere unless asked for, for it is noise."""
    return arguments.wav or (WAV if mode == "voice" else None)


def _stack_for(scenario: Scenario, arguments: argparse.Namespace) -> LocalStack | None:
    """The stack that is up, if it can play this. Raises Unusable."""
    stack = local_stack.find(os.environ, note)
    if stack is None:
        return None
    if scenario.rogue or scenario.files:
        why = "a model that goes rogue" if scenario.rogue else "another business's files"
        note(f"{why}: played on a stack of its own, not on the one that is up")
        return None
    wanted = "voice" if arguments.voice else "text" if arguments.text else stack.mode
    if wanted != stack.mode:
        raise Unusable(f"the stack that is up has --{stack.mode}; end it to play with --{wanted}")
    note("played on the stack that is up, by its clock: what was booked before is taken,")
    note("and what a scenario expects of another hour does not come")
    return stack


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


async def _played(scenario: Scenario, speech: Speech, arguments: argparse.Namespace) -> int:
    numbers = phonebook(scenario.business, scenario.caller)
    paper = Paper(None if arguments.json else sys.stdout)
    paper.said(scenario.title, "bold")
    paper.said("voice: real sound" if speech.mode == "voice" else TEXT_MODE)
    with StartBar() as bar:
        view = LiveView(
            paper,
            phonebook=numbers,
            verbose=arguments.verbose,
            speed=arguments.speed,
            progress=bar.say,
            opening=opening(scenario.business),
        )
        wav = wav_of(arguments, speech.mode)
        report = await play(
            scenario, speech, view, speed=arguments.speed, wav=wav, page=arguments.page,
            share=bar.share,
        )  # fmt: skip
    if arguments.json:
        print(report.json())
    else:
        report.show(paper, verbose=arguments.verbose)
    return 0 if report.passed else FAILED
