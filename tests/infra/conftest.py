"""The stacks, synthesized once a session for each kind of stage, without making the zips."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk import aws_lambda as lambda_

from infra.app import Stacks, build

ROOT = Path(__file__).parent.parent.parent
CONTEXT: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
SID = "AC" + "1" * 32

# Every option on, as a large owner would have it.
FULL: dict[str, Any] = {
    "name": "prod",
    "twilio_account_sid": SID,
    "region": "us-east-1",
    "account": "123456789012",
    "zones": ["us-east-1a", "us-east-1b"],
    "egress": "nat",
    "domain": {
        "name": "voice.callwright.dev",
        "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/example",
        "in_use": True,
    },
    "api_domain": {
        "name": "pay.callwright.dev",
        "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/regional",
        "in_use": True,
    },
    "page": ["page@callwright.dev"],
    "ticket": ["ticket@callwright.dev"],
    "mail_from": "desk@callwright.dev",
    "cmk": True,
    "waf": True,
    "monthly_budget_usd": 500,
    "reserved_concurrency": 50,
}


@dataclass(frozen=True)
class Template:
    """One stack's template, as CloudFormation gets it."""

    name: str
    body: dict[str, Any]
    path: Path

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Logical id -> properties of every resource of a type."""
        return {
            id: resource.get("Properties", {})
            for id, resource in self.body["Resources"].items()
            if resource["Type"] == kind
        }

    def one(self, kind: str, **properties: Any) -> dict[str, Any]:
        """The one resource of a type that has these properties."""
        found = [r for r in self.of(kind).values() if properties.items() <= r.items()]
        assert len(found) == 1, f"{self.name} has {len(found)} {kind} {properties}"
        return found[0]


@dataclass(frozen=True)
class Deployment:
    """A stage as it would be deployed."""

    stacks: Stacks
    templates: dict[str, Template]  # data, media, api, ...
    folder: Path

    @property
    def after(self) -> dict[str, set[str]]:
        """Stack -> those that `cdk deploy --all` deploys before it; it may do so in any order
        else."""
        artifacts = json.loads((self.folder / "manifest.json").read_text())["artifacts"]

        def before(stack: str) -> set[str]:
            waits: set[str] = set(artifacts[stack].get("dependencies", ())) & artifacts.keys()
            return waits.union(*(before(each) for each in waits))

        kind = "aws:cloudformation:stack"
        return {name: before(name) for name, each in artifacts.items() if each["type"] == kind}

    def __iter__(self) -> Iterator[Template]:
        return iter(self.templates.values())


def deployment(folder: Path, stage: dict[str, Any], **context: str) -> Deployment:
    """Synthesize one stage; cdk-nag runs with it, and an unexplained finding raises."""
    stage = dict(stage)
    name = stage.pop("name")
    app = App(
        context={**CONTEXT, "stages": {name: stage}, "stage": name, **context},
        outdir=str(folder),
        analytics_reporting=False,
    )
    stacks = build(app, code=lambda name: lambda_.Code.from_inline(f"# functions/{name}"))
    app.synth()
    prefix = stacks.stage.prefix
    templates = {
        path.name.removeprefix(prefix).split(".")[0]: Template(
            path.name, json.loads(path.read_text()), path
        )
        for path in sorted(folder.glob("*.template.json"))
    }
    return Deployment(stacks, templates, folder)


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The least there is: cdk.json's dev stage, in no particular account or region."""
    return deployment(tmp_path_factory.mktemp("dev"), {**CONTEXT["stages"]["dev"], "name": "dev"})


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Prod with every option."""
    return deployment(tmp_path_factory.mktemp("full"), FULL)


@pytest.fixture(scope="session", params=["dev", "full"])
def either(request: pytest.FixtureRequest) -> Deployment:
    """What must hold whatever the options."""
    chosen: Deployment = request.getfixturevalue(request.param)
    return chosen
