"""The one reader of environment variables: small parts, of which every process's settings are made.

Standard library only, for the function that answers a ringing phone imports this module and must
start fast. Blanks around a value are dropped, and a value of nothing else counts as not set.

Secrets are not read here: `shared.adapters.secrets` fetches them when they are needed. Whether one
is set can be asked with `secret_named`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

STAGES: Final = ("local", "dev", "staging", "prod")
LOCAL, PROD = STAGES[0], STAGES[-1]
LOCAL_PREFIX: Final = "callwright-local-"  # of table names, on a laptop
ARN_SUFFIX: Final = "_SECRET_ARN"  # NAME_SECRET_ARN names the secret that holds NAME
DEFAULT_REGION: Final = "us-east-1"
WEB: Final = ("http", "https")
LARGEST_OFFSET_S: Final = 10**9  # about 30 years to either side
MOST_DAYS: Final = 99_999
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")  # int() would take other scripts' digits and underscores

Environ = Mapping[str, str]
Names = str | tuple[str, ...]  # one variable, or several of which one is enough


class BadSettings(Exception):
    """A variable is missing or cannot be right. The message names it and never tells its value."""

    TELLS_NO_CONTENT: Final = True


def value(environ: Environ, name: str, default: str = "") -> str:
    """What `name` is set to, `default` where it is not set."""
    return environ.get(name, "").strip() or default


def require(environ: Environ, names: Iterable[Names]) -> None:
    """Return when all of `names` are set.

    Raises:
        BadSettings: names all that are missing, as "missing: STAGE, A or B".
    """
    missing = []
    for each in names:
        alternatives = (each,) if isinstance(each, str) else each
        if not any(value(environ, name) for name in alternatives):
            missing.append(" or ".join(alternatives))
    if missing:
        raise BadSettings(f"missing: {', '.join(missing)}")


def secret_named(name: str) -> tuple[str, str]:
    """The two ways to give a secret, for `require`: its value, or the name of its secret."""
    return name, name + ARN_SUFFIX


def stage(environ: Environ) -> str:
    """Which stage this is: one of STAGES; `local` where STAGE is not set.

    Raises:
        BadSettings: it is another word.
    """
    given = value(environ, "STAGE", LOCAL)
    if given not in STAGES:
        raise BadSettings(f"STAGE must be one of {', '.join(STAGES)}")
    return given


def region(environ: Environ) -> str:
    """The AWS region of tables and secrets."""
    return value(environ, "AWS_REGION") or value(environ, "AWS_DEFAULT_REGION", DEFAULT_REGION)


def clock_offset(environ: Environ) -> timedelta:
    """Business time less real time, from CLOCK_OFFSET_S in whole seconds: a laptop plays any day.

    Raises:
        BadSettings: it is no whole number, or it moves the clock of prod.
    """
    offset_s = whole(
        environ, "CLOCK_OFFSET_S", least=-LARGEST_OFFSET_S, most=LARGEST_OFFSET_S, default=0
    )
    if offset_s and stage(environ) == PROD:
        raise BadSettings(f"CLOCK_OFFSET_S must be 0 when STAGE is {PROD}")
    return timedelta(seconds=offset_s)


def keep_days(environ: Environ) -> int | None:
    """For how many days calls and turns are kept, from KEEP_DAYS; None keeps them for ever.

    Raises:
        BadSettings: it is no number of days.
    """
    if not value(environ, "KEEP_DAYS"):
        return None
    return whole(environ, "KEEP_DAYS", least=1, most=MOST_DAYS)


def businesses(environ: Environ) -> Path:
    """The folder of the business files: BUSINESSES_DIR, else the one in this repository."""
    given = value(environ, "BUSINESSES_DIR")
    return Path(given) if given else Path(__file__).parent / "businesses"


def whole(environ: Environ, name: str, *, least: int, most: int, default: int | None = None) -> int:
    """The whole number that `name` is set to, from `least` to `most`.

    Raises:
        BadSettings: it is none, too small or too large; or not set, and there is no default.
    """
    given = value(environ, name)
    if not given and default is not None:
        return default
    if not _WHOLE.fullmatch(given):
        raise BadSettings(f"{name} must be a whole number")
    number = int(given)
    if not least <= number <= most:
        raise BadSettings(f"{name} must be between {least} and {most}")
    return number


def url(environ: Environ, name: str, schemes: tuple[str, ...] = WEB) -> str | None:
    """The address that `name` is set to, without a slash at its end; None where it is not set.

    It may have no query string: other parts are put behind it, and Twilio refuses a stream whose
    address has one (error 31920), so that no call would be answered.

    Raises:
        BadSettings: it is no address of one of `schemes`, or has a query string or a fragment.
    """
    given = value(environ, name)
    if not given:
        return None
    try:
        parts = urlsplit(given)
        complete = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        complete = False
    if not complete or "?" in given or "#" in given:
        raise BadSettings(f"{name} must be a {' or '.join(schemes)} address without a query")
    return given.rstrip("/")


def needed_url(environ: Environ, name: str, schemes: tuple[str, ...] = WEB) -> str:
    """The same of an address that must be set.

    Raises:
        BadSettings: as `url`, or it is not set.
    """
    require(environ, [name])
    return url(environ, name, schemes) or ""
