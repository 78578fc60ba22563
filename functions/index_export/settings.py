"""What the function reads from its environment, at each event and never at import."""

from dataclasses import dataclass

from shared import environment
from shared.environment import Environ


@dataclass(frozen=True, slots=True)
class IndexExportSettings:
    """Which stage's exports are shown, and by which Glue database."""

    stage: str
    database: str


def settings_of(environ: Environ) -> IndexExportSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    environment.require(environ, ("STAGE", "GLUE_DATABASE"))
    return IndexExportSettings(
        environment.stage(environ), environment.value(environ, "GLUE_DATABASE")
    )
