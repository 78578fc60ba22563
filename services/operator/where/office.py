"""What the office needs to work on a stage's visits: the product's ports, with the stage's keys."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.published_files import (
    PublishedFiles,
    businesses_in_force,
    published_files_of,
)
from services.operator.where.rows import StageRows
from services.operator.where.stage import CONFIG, local_client, region_of
from services.operator.where.trouble import CannotTell, of_aws
from shared import environment, local_stack
from shared.actions.events.ports import Outbox
from shared.actions.ports import Ports
from shared.adapters.dynamo.blocks import DynamoBlocks
from shared.adapters.dynamo.devices import DynamoDevices
from shared.adapters.dynamo.outbox import DynamoOutbox
from shared.adapters.dynamo.switches import DynamoSwitches
from shared.adapters.public_url import PublicUrl
from shared.adapters.secrets import Secrets, SecretUnavailable, values_in
from shared.adapters.settings import AdapterSettings, settings_of
from shared.adapters.wiring import SecretValues, open_ports
from shared.businesses import BadBusiness, load_all
from shared.domain.business import Business
from shared.domain.call_time import CallTime

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Its settings are those of every process that follows up on visits.
FUNCTION = "callwright-{stage}-follow-up"


@dataclass(frozen=True, slots=True)
class Office:
    """One stage, as the office works on it."""

    businesses: Mapping[str, Business]
    ports: Ports
    blocks: DynamoBlocks
    switches: DynamoSwitches
    outbox: Outbox
    devices: DynamoDevices
    rows: StageRows
    public_url: Callable[[], str]
    offset: timedelta = timedelta(0)  # business time less real time

    def at(self, real: datetime) -> CallTime:
        return CallTime(now=real + self.offset, real=real)


def office_of(
    name: str,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    said: Callable[[str], None] = lambda _: None,
) -> Office:
    """The office of the stage of that name. `clock` tells real time.

    Raises:
        CannotTell: there is no such stage, no local stack is up, or a business file is wrong.
    """
    try:
        if name == environment.LOCAL:
            return _local(environ, clock, said)
        return _deployed(name, environ)
    except (BadBusiness, environment.BadSettings) as exc:
        raise CannotTell(str(exc)) from exc
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"stage {name}") from exc


def _local(
    environ: Mapping[str, str], clock: Callable[[], datetime], said: Callable[[str], None]
) -> Office:
    stack = local_stack.find(environ, said)
    if stack is None:
        raise CannotTell("no local stack is up: start one with `make up`")
    own = stack.environment

    secrets = Secrets(own, clock)
    store = published_files_of(environment.LOCAL, environ)
    return _office(
        settings_of(own), secrets.get, secrets.of_business, local_client(stack), store, own
    )


def _deployed(name: str, environ: Mapping[str, str]) -> Office:
    region = region_of(name) or environment.value(environ, "AWS_REGION") or None
    session = boto3.Session(region_name=region)
    found = session.client("lambda", config=CONFIG).get_function_configuration(
        FunctionName=FUNCTION.format(stage=name)
    )
    own = {"AWS_REGION": session.region_name, **found["Environment"]["Variables"]}
    vault = session.client("secretsmanager", config=CONFIG)

    def value_of(name: str, secret_id: str | None) -> tuple[str, ...]:
        try:
            if not secret_id:
                raise SecretUnavailable(f"the stage has no secret of {name}")
            return values_in(name, vault.get_secret_value(SecretId=secret_id)["SecretString"])
        except (ClientError, BotoCoreError) as exc:
            raise SecretUnavailable(f"the secret of {name} is not to be had") from exc

    def secret(name: str) -> tuple[str, ...]:
        return value_of(name, own.get(name + environment.ARN_SUFFIX))

    def secret_of_business(name: str) -> tuple[str, ...]:
        prefix = own.get("BUSINESS_SECRETS")
        return value_of(name, prefix and f"{prefix}{name}")

    tables, known = session.client("dynamodb", config=CONFIG), {**own, **_businesses_dir(environ)}
    store = published_files_of(name, environ)
    return _office(settings_of(own), secret, secret_of_business, tables, store, known)


def _businesses_dir(environ: Mapping[str, str]) -> dict[str, str]:
    given = environment.value(environ, "BUSINESSES_DIR")
    return {"BUSINESSES_DIR": given} if given else {}


def _office(
    settings: AdapterSettings,
    secret: SecretValues,
    secret_of_business: SecretValues,
    tables: "DynamoDBClient",
    store: PublishedFiles,
    own: Mapping[str, str],
) -> Office:
    return Office(
        businesses=businesses_in_force(store, load_all(environment.businesses(own))),
        # What is measured here is nobody's metric: this is no process of the stage.
        ports=open_ports(
            settings,
            secret,
            tables=tables,
            out=io.StringIO(),
            secret_of_business=secret_of_business,
        ),
        blocks=DynamoBlocks(tables, settings.table_prefix),
        switches=DynamoSwitches(tables, settings.table_prefix),
        outbox=DynamoOutbox(tables, settings.table_prefix),
        devices=DynamoDevices(tables, settings.table_prefix),
        rows=StageRows(tables, settings.table_prefix),
        public_url=PublicUrl(settings),
        offset=environment.clock_offset(own),
    )
