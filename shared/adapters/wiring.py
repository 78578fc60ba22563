"""The one composition of ports, for every process that opens them: from settings to real services.

The bridge, the functions and `try_tool` each read their own settings and hand over the adapters'
part of it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from shared.actions import office_link
from shared.actions.ports import Ports
from shared.adapters.busy_calendars import KeptBusyCalendars
from shared.adapters.dynamo.admissions import DynamoAdmissions
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.clips import DynamoClips
from shared.adapters.dynamo.customers import DynamoCustomers
from shared.adapters.dynamo.follow_ups import DynamoFollowUps
from shared.adapters.dynamo.inbox import DynamoInbox
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.payments import DynamoPayments
from shared.adapters.dynamo.texting import DynamoTexting
from shared.adapters.dynamo.turns import DynamoTurns
from shared.adapters.patience import watch
from shared.adapters.public_url import PublicUrl
from shared.adapters.ses_mail import SesMail
from shared.adapters.settings import AdapterSettings
from shared.adapters.stripe_checkout import StripeCheckout
from shared.adapters.twilio_recordings import TwilioRecordings
from shared.adapters.twilio_rings import TwilioRings
from shared.adapters.twilio_texts import TwilioTexts
from shared.metrics import EmfMetrics

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# By a secret's name its values, the current one first: `Secrets.get`, `SecretCache.all`.
SecretValues = Callable[[str], tuple[str, ...]]

CONNECT_S, READ_S = 2, 3  # a caller is waiting: DynamoDB answers in milliseconds or not at all
HURRIED_S = 0.6  # for either, where a line is silent until the answer


def dynamo_client(
    *,
    region: str,
    endpoint_url: str | None = None,
    connections: int = 50,
    hurried: bool = False,
) -> "DynamoDBClient":
    """A client that gives up in seconds, and may be shared by threads.

    `hurried`: in HURRIED_S for each try, and it keeps to `patience.within`.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=HURRIED_S if hurried else CONNECT_S,
        read_timeout=HURRIED_S if hurried else READ_S,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=connections,
    )
    client: DynamoDBClient = boto3.client(
        "dynamodb", region_name=region, endpoint_url=endpoint_url, config=config
    )
    if hurried:
        watch(client)
    return client


def open_ports(
    settings: AdapterSettings,
    secret: SecretValues,
    *,
    public_url: Callable[[], str] | None = None,
    tables: "DynamoDBClient | None" = None,
    out: TextIO | None = None,
    hurried: bool = False,
    secret_of_business: SecretValues | None = None,
) -> Ports:
    """Every port over the real services. Opens no connection and asks for no secret yet.

    A key is asked for each time it is needed, so that a process follows one that is rotated, and
    needs none for what it never does: without the key such a port raises PortError.

    `tables` is given by a process that has a client of its own; `hurried`: else they are asked as
    `dynamo_client` says. `public_url` is given by a process that needs the address itself, too.
    Metrics go to `out`, to stdout without it.
    """
    client = tables or dynamo_client(
        region=settings.region, endpoint_url=settings.aws_endpoint_url, hurried=hurried
    )
    prefix, keep_days = settings.table_prefix, settings.keep_days
    address = public_url or PublicUrl(settings)
    return Ports(
        calls=DynamoCalls(client, prefix, keep_days=keep_days),
        turns=DynamoTurns(client, prefix, keep_days=keep_days),
        customers=DynamoCustomers(client, prefix),
        jobs=DynamoJobs(client, prefix, keep_days=settings.customer_days),
        payments=DynamoPayments(client, prefix, keep_days=settings.payment_days),
        checkout=StripeCheckout(
            lambda: secret("STRIPE_API_KEY")[0], api_base=settings.stripe_api_base
        ),
        texts=TwilioTexts(
            settings.twilio_account_sid,
            lambda: secret("TWILIO_AUTH_TOKEN")[0],
            api_base=settings.twilio_api_base,
            status_callback=lambda: f"{address()}/sms-status",
        ),
        rings=TwilioRings(
            settings.twilio_account_sid,
            lambda: secret("TWILIO_AUTH_TOKEN")[0],
            api_base=settings.twilio_api_base,
        ),
        recordings=TwilioRecordings(
            settings.twilio_account_sid,
            lambda: secret("TWILIO_AUTH_TOKEN")[0],
            api_base=settings.twilio_api_base,
        ),
        mail=SesMail(settings.mail_from, region=settings.region),
        calendars=KeptBusyCalendars(
            client, prefix, secret_of_business, offset=settings.clock_offset
        ),
        follow_ups=DynamoFollowUps(client, prefix),
        inbox=DynamoInbox(client, prefix),
        texting=DynamoTexting(client, prefix),
        clips=DynamoClips(client, prefix),
        admissions=DynamoAdmissions(client, prefix),
        metrics=EmfMetrics(
            settings.stage, lambda: datetime.now(UTC), out, by_business=settings.by_business
        ),
        office_link=lambda business_id: office_link.address(
            business_id, secret, public_url=address, now=datetime.now(UTC)
        ),
    )
