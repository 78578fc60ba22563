"""`python -m infra.app`: from the context's stage to the stacks. Asks AWS for nothing.

Context: `stage` names one of `stages` (cdk.json); `media_url` stands in for the media stack, so
that the others deploy alone; `bundle=local` leaves the libraries out of the zips.
"""

import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from aws_cdk import Annotations, App, Environment, Stack, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.config import BadStage, Stage, stage_of
from infra.constructs.bundling import CodeOf, bundled, own_code
from infra.stacks.api import LOCKS, ApiStack
from infra.stacks.data import DataStack
from infra.stacks.media import MediaStack


@dataclass(frozen=True, slots=True)
class Stacks:
    """The stacks of one stage, in the order they are deployed."""

    stage: Stage
    data: DataStack
    media: MediaStack | None
    api: ApiStack
    analytics: Any | None
    observability: Any | None


def build(app: App, code: CodeOf | None = None) -> Stacks:
    """Every stack of the stage that the context names.

    Raises:
        BadStage: the stage is missing or wrong.
    """
    stage = stage_of(app.node.try_get_context("stage"), app.node.get_context("stages"))
    where = Environment(account=stage.account, region=stage.region)
    code = code or _code(app)
    data = DataStack(app, f"{stage.prefix}data", stage, env=where)
    shared: dict[str, Any] = {"tables": data.tables, "key": data.key, "env": where}
    media_url = app.node.try_get_context("media_url")
    media = None if media_url else MediaStack(app, f"{stage.prefix}media", stage, **shared)
    api = ApiStack(
        app,
        f"{stage.prefix}api",
        stage,
        media_url=media.media_url if media else media_url,
        code=code,
        **shared,
    )
    stacks = Stacks(stage, data, media, api, None, None)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    _mark(app, stacks)
    return stacks


def _code(app: App) -> CodeOf:
    return own_code() if app.node.try_get_context("bundle") == "local" else bundled(LOCKS)


def _mark(app: App, stacks: Stacks) -> None:
    Tags.of(app).add("project", "callwright")
    Tags.of(app).add("stage", stacks.stage.name)
    if examples := stacks.stage.examples:
        Annotations.of(stacks.api).add_warning_v2(
            "callwright:example-values",
            f"stage {stacks.stage.name} still has cdk.json's examples: {', '.join(examples)}",
        )


def main() -> int:
    app = App()
    try:
        build(app)
    except BadStage as exc:
        print(exc, file=sys.stderr)
        return 2
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
