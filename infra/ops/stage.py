"""Which stage an operator means, and what AWS knows of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from infra.config import Stage, stage_of

# A stack that could not be made, and one of which there is no more than a change set.
NEVER_STOOD = frozenset(
    {"CREATE_FAILED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED",
     "REVIEW_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"}
)  # fmt: skip
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

    def stands(self, part: str) -> bool:
        """Whether one stack was ever made whole: a first try that failed leaves an empty one."""
        stack = f"{self.stage.prefix}{part}"
        try:
            (found,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError as exc:
            if exc.response["Error"]["Code"] != "ValidationError":
                raise
            return False
        return found["StackStatus"] not in NEVER_STOOD

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
        return "no AWS region: set `region` of the stage in cdk.json, or AWS_DEFAULT_REGION"
    return f"AWS cannot be asked: {type(exc).__name__}"
