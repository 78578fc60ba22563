"""Which stage an operator means, and what AWS knows of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from infra.config import Stage, stage_of

CDK_JSON = Path(__file__).parent.parent.parent / "cdk.json"


class Unready(Exception):
    """It cannot be done yet; the message says what is missing, never a secret's value."""


def load(name: str | None, path: Path = CDK_JSON) -> Stage:
    """The stage as cdk.json has it. Raises BadStage."""
    return stage_of(name, json.loads(path.read_text("utf-8"))["context"]["stages"])


@dataclass(frozen=True, slots=True)
class Aws:
    """AWS in the stage's own region."""

    stage: Stage
    session: Any

    @classmethod
    def of(cls, stage: Stage) -> "Aws":
        return cls(stage, boto3.Session(region_name=stage.region))

    def client(self, name: str) -> Any:
        return self.session.client(name)

    def outputs(self, part: str) -> dict[str, str]:
        """The outputs of one stack. Raises Unready."""
        stack = f"{self.stage.prefix}{part}"
        try:
            answer = self.client("cloudformation").describe_stacks(StackName=stack)
        except ClientError as exc:
            raise Unready(
                f"stack {stack}: {exc.response['Error']['Code']}: deploy it first"
            ) from exc
        outputs = answer["Stacks"][0].get("Outputs", [])
        return {each["OutputKey"]: each["OutputValue"] for each in outputs}


def reason(exc: ClientError | BotoCoreError) -> str:
    """What AWS said, as a code: its messages may quote what was sent."""
    if isinstance(exc, ClientError):
        return f"AWS refused {exc.operation_name}: {exc.response['Error']['Code']}"
    if isinstance(exc, NoRegionError):
        return "no AWS region: set `region` of the stage in cdk.json, or AWS_REGION"
    return f"AWS cannot be asked: {type(exc).__name__}"
