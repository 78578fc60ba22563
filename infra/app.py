"""`python -m infra.app`: from the context's stage to the stacks. Asks AWS for nothing.

Context: `stage` names one of `stages` (cdk.json); `media_url` stands in for the media stack, so
that the others deploy alone; `bundle=local` leaves the libraries out of the zips; `read_anew`, any
new text, has the other stacks read the media stack's addresses again.
"""

import sys
from dataclasses import dataclass
from typing import Any

from aws_cdk import Annotations, App, Environment, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.config import BadStage, Stage, stage_of, without_mail
from infra.constructs.compute.bundling import CodeOf, bundled, own_code
from infra.stacks.analytics import AnalyticsStack
from infra.stacks.api import ApiStack
from infra.stacks.data import DataStack
from infra.stacks.media import MediaStack
from infra.stacks.observability import ObservabilityStack
from shared.businesses import BadBusiness, all_businesses


@dataclass(frozen=True, slots=True)
class Stacks:
    """The stacks of one stage, in the order they are deployed."""

    stage: Stage
    data: DataStack
    media: MediaStack | None
    api: ApiStack
    analytics: AnalyticsStack
    observability: ObservabilityStack | None


def build(app: App, code: CodeOf | None = None) -> Stacks:
    """Every stack of the stage that the context names.

    Raises:
        BadStage: the stage is missing or wrong.
    """
    stage = _stage(app)
    where = Environment(account=stage.account, region=stage.region)
    if code is None:
        code = own_code if app.node.try_get_context("bundle") == "local" else bundled
    media_url = app.node.try_get_context("media_url")

    data = DataStack(app, f"{stage.prefix}data", stage, env=where)
    shared: dict[str, Any] = {"tables": data.tables, "key": data.key, "env": where}
    media = None if media_url else MediaStack(app, f"{stage.prefix}media", stage, **shared)
    media_url = media.media_url if media else media_url
    api = ApiStack(app, f"{stage.prefix}api", stage, media_url=media_url, code=code, **shared)
    analytics = AnalyticsStack(app, f"{stage.prefix}analytics", stage, code=code, **shared)
    observability = (
        None
        if media is None
        else ObservabilityStack(
            app,
            f"{stage.prefix}observability",
            stage,
            data=data,
            media=media,
            api=api,
            analytics=analytics,
            env=where,
        )
    )
    stacks = Stacks(stage, data, media, api, analytics, observability)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    _mark(app, stacks)
    if when := app.node.try_get_context("read_anew"):
        _read_anew(stacks, str(when))
    return stacks


def _stage(app: App) -> Stage:
    stages = app.node.try_get_context("stages")
    if not stages:
        raise BadStage("no stages: start it by `npx cdk synth -c stage=NAME`, which reads cdk.json")
    stage = stage_of(app.node.try_get_context("stage"), stages)
    if why := without_mail(stage, all_businesses()):
        raise BadStage(why)
    return stage


def _mark(app: App, stacks: Stacks) -> None:
    Tags.of(app).add("project", "callwright")
    Tags.of(app).add("stage", stacks.stage.name)
    if examples := stacks.stage.examples:
        Annotations.of(stacks.api).add_warning_v2(
            "callwright:example-values",
            f"stage {stacks.stage.name} still has cdk.json's examples: {', '.join(examples)}",
        )


def _read_anew(stacks: Stacks, when: str) -> None:
    """Change the text of what reads the bridge's stack: only then is it read again."""
    # A tag alone would make no new version of the function.
    stacks.api.functions["incoming"].function.add_environment("READ_ANEW", when)
    if stacks.observability is not None:
        Tags.of(stacks.observability).add("read-anew", when)


def main() -> None:
    app = App()
    try:
        build(app)
    except (BadStage, BadBusiness) as exc:
        sys.exit(str(exc))
    app.synth()


if __name__ == "__main__":
    main()
