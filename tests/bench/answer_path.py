"""How long a fresh interpreter takes to a signed answer of /incoming, as a ratio to an empty one.

    python tests/bench/answer_path.py [--rounds 9]

Prints JSON: the medians in milliseconds and their ratio. The runs are interleaved, since the speed
of a machine drifts. `--once` gives one answer and the modules it took.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
TARGET = 24.0
PUBLIC, TOKEN, ACCOUNT = "https://voice.example.com", "12345", "AC00000000000000000000000000000001"
ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": "callwright-local-",
    "PUBLIC_BASE_URL": PUBLIC,
    "MEDIA_URL": "wss://media.example.com/media",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "STREAM_TOKEN_SECRET": "a secret of this machine",
}


def an_event() -> dict[str, Any]:
    """A signed webhook as an HTTP API hands it over; signed here, without the library it proves."""
    form = {
        "AccountSid": ACCOUNT,
        "CallSid": "CA00000000000000000000000000000007",
        "From": "+15551230000",
        "To": "+19375550100",
        "CallStatus": "ringing",
        "FromCity": "",
    }
    text = f"{PUBLIC}/incoming" + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest())
    return {
        "version": "2.0",
        "rawPath": "/incoming",
        "rawQueryString": "",
        "headers": {"x-twilio-signature": signature.decode()},
        "requestContext": {"http": {"method": "POST", "path": "/incoming"}, "stage": "$default"},
        "body": base64.b64encode(urlencode(form).encode()).decode(),
        "isBase64Encoded": True,
    }


def once() -> None:
    """Answer one call; print the answer and what had to be loaded for it."""
    os.environ.update(ENVIRON)
    from functions.incoming.handler import lambda_handler

    result = lambda_handler(an_event(), None)
    print(
        json.dumps(
            {"status": result["statusCode"], "body": result["body"], "modules": sorted(sys.modules)}
        )
    )


def measured(rounds: int) -> dict[str, float]:
    """Median milliseconds of an empty interpreter and of one that answers."""
    commands = {
        "empty_ms": [sys.executable, "-c", "pass"],
        "answer_ms": [sys.executable, __file__, "--once"],
    }
    took: dict[str, list[float]] = {name: [] for name in commands}
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(rounds):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environ)
            took[name].append((time.perf_counter() - began) * 1000)
    return {name: round(statistics.median(values), 1) for name, values in took.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--once", action="store_true")
    arguments = parser.parse_args()
    if arguments.once:
        once()
        return 0
    medians = measured(max(arguments.rounds, 7))
    ratio = round(medians["answer_ms"] / medians["empty_ms"], 1)
    print(json.dumps({**medians, "ratio": ratio, "target": TARGET}))
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
