"""What the function reads from its environment, at each event and never at import."""

from collections.abc import Mapping
from dataclasses import dataclass


class BadSettings(Exception):
    """The environment lacks something; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str
    database: str


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings."""
    missing = [name for name in ("STAGE", "GLUE_DATABASE") if not environ.get(name)]
    if missing:
        raise BadSettings(f"{', '.join(missing)} not set")
    return Settings(environ["STAGE"], environ["GLUE_DATABASE"])
