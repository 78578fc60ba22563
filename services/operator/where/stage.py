"""One stage, by its name: local is the stack that is up, any other one stands in cdk.json."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.logs import CloudWatchLog, FileLog, LogLine
from services.operator.where.rows import StageRows
from services.operator.where.trouble import CannotTell, of_aws
from shared import environment, local_stack
from shared.businesses import BadBusiness, load_all
from shared.domain.business import Business
from shared.local_stack import LocalStack

CDK_JSON = Path(__file__).parents[3] / "cdk.json"
LOCAL_LOOK_S = 5
CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 3})


class CallLog(Protocol):
    """Where log lines of a call are found."""

    def of(self, call_sid: str, since: datetime, until: datetime) -> Any: ...


@dataclass(frozen=True, slots=True)
class StageView:
    """All that is looked at in a stage."""

    name: str
    rows: StageRows
    log: CallLog
    businesses: Mapping[str, Business]
    offset: timedelta  # business time less real time: a laptop plays any day
    texts: str | None  # where a local stack tells what was texted

    def log_lines(self, call_sid: str, since: datetime, until: datetime) -> list[LogLine]:
        """The log lines of a call that lasted from `since` to `until`. Raises CannotTell."""
        lines = self.log.of(call_sid, since - self.offset, until - self.offset)
        return list(lines)

    def sent_texts(self) -> list[dict[str, str]]:
        """What a local stack's phones got; a deployed stage keeps none. Raises CannotTell."""
        if self.texts is None:
            return []
        try:
            with urllib.request.urlopen(self.texts, timeout=LOCAL_LOOK_S) as answer:
                found: list[dict[str, str]] = json.load(answer)
                return found
        except (urllib.error.URLError, OSError, ValueError) as exc:
            raise CannotTell(f"the stack that is up does not tell its texts: {exc}") from exc


def stage_view(
    name: str, environ: Mapping[str, str], said: Callable[[str], None] = lambda _: None
) -> StageView:
    """The stage of that name. `said` gets a line where a local stack left its file behind.

    Raises:
        CannotTell: there is none, no local stack is up, or a business file is wrong.
    """
    try:
        if name == environment.LOCAL:
            return _local(environ, said)
        return _deployed(name, environ)
    except BadBusiness as exc:
        raise CannotTell(str(exc)) from exc
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"stage {name}") from exc


def _local(environ: Mapping[str, str], said: Callable[[str], None]) -> StageView:
    stack = local_stack.find(environ, said)
    if stack is None:
        raise CannotTell("no local stack is up: start one with `make up`")
    return of_stack(stack)


def local_client(stack: LocalStack) -> Any:
    """DynamoDB's client for the local stack that is up."""
    own = stack.environment
    return boto3.client(
        "dynamodb",
        endpoint_url=stack.tables,
        region_name=environment.region(own),
        aws_access_key_id=own["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=own["AWS_SECRET_ACCESS_KEY"],
        config=CONFIG,
    )


def of_stack(stack: LocalStack) -> StageView:
    """The local stack that is up."""
    own = stack.environment
    return StageView(
        name=environment.LOCAL,
        rows=StageRows(local_client(stack), own["TABLE_PREFIX"]),
        log=FileLog(Path(stack.log)),
        businesses=load_all(environment.businesses(own)),
        offset=environment.clock_offset(own),
        texts=f"{stack.control}/texts.json",
    )


def _deployed(name: str, environ: Mapping[str, str]) -> StageView:
    region = region_of(name) or environment.value(environ, "AWS_REGION") or None
    session = boto3.Session(region_name=region)
    return StageView(
        name=name,
        rows=StageRows(session.client("dynamodb", config=CONFIG), f"callwright-{name}-"),
        log=CloudWatchLog(session.client("logs", config=CONFIG), name),
        businesses=load_all(environment.businesses(environ)),
        offset=timedelta(0),
        texts=None,
    )


def region_of(name: str, file: Path = CDK_JSON) -> str | None:
    """The region that cdk.json gives the stage; None leaves it to your own set-up of AWS.

    Raises:
        CannotTell: there is no such stage.
    """
    try:
        stages = json.loads(file.read_text("utf-8"))["context"]["stages"]
        known = ", ".join([environment.LOCAL, *sorted(stages)])
        if name not in stages:
            raise CannotTell(f"there is no stage {name!r}; there is {known}")
        region = stages[name].get("region")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise CannotTell(f"{file.name} cannot be read: {type(exc).__name__}") from exc
    return str(region) if region else None
