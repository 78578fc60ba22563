"""`talk`: opens a phone in the browser, beside the stack that is up or one of its own."""

import argparse
import os
import webbrowser
from urllib.parse import urlsplit

from services.simulator.cli.ending import Unusable, note
from services.simulator.cli.up import speech_of, stay
from services.simulator.stack.environment import OPENAI, RealModel
from shared import local_stack


def talk(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: at, text, voice, port, business, speed, no_open, local.

    Raises:
        Unusable, SpeechUnavailable, BadBusinessFile: it cannot be done as asked.
        ChildFailed: a process of the stack did not start.
    """
    if stack := local_stack.find(os.environ, note):
        if not stack.page:
            raise Unusable("the stack that is up has no page; end it first")
        note("a stack is up already, and is talked to as it is:")
        print(stack.page, flush=True)
        _open(stack.page, arguments)
        return 0
    real = None if arguments.local else RealModel.of(os.environ)
    if real is not None:
        _needs_sound(arguments)
        who = "OpenAI" if real.url == OPENAI else urlsplit(real.url).netloc
        note(f"OPENAI_API_KEY is set: {who} answers, hears what you say, and is paid for it;")
        note("--local has the local receptionist answer instead")
    return stay(arguments, real, lambda page: _open(page, arguments))


def _needs_sound(arguments: argparse.Namespace) -> None:
    if speech_of(arguments).mode == "text":
        raise Unusable("OpenAI hears sound, not text mode: leave --text out, or add --local")


def _open(page: str, arguments: argparse.Namespace) -> None:
    if not arguments.no_open and not webbrowser.open(page):
        note("no browser could be opened; open the address above yourself")
