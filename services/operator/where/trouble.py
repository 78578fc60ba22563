"""Why it cannot be told, in one line."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)


class CannotTell(Exception):
    """It cannot be looked at or does not exist; the message says what to do about it."""


def of_aws(exc: ClientError | BotoCoreError, what: str) -> CannotTell:
    """What AWS said of `what`. Its own message may quote what was sent, and is left out."""
    match exc:
        case NoRegionError():
            return CannotTell("no region: give the stage one in cdk.json, or set AWS_REGION")
        case NoCredentialsError():
            return CannotTell("no credentials for AWS: `aws configure`, or set AWS_PROFILE")
        case EndpointConnectionError():
            return CannotTell(f"{what}: AWS cannot be reached from here")
        case ClientError():
            return CannotTell(f"{what}: {_refused(exc)}")
    return CannotTell(f"{what}: AWS cannot be asked: {type(exc).__name__}")


def _refused(exc: ClientError) -> str:
    code = str(exc.response["Error"]["Code"])
    if code == "ResourceNotFoundException":
        return "there is none: is the stage deployed, in this account and region?"
    if "AccessDenied" in code:
        return f"your credentials may not do {exc.operation_name}"
    return f"AWS refused {exc.operation_name}: {code}"
