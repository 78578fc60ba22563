"""What the adapters need to know of their surroundings. Standard library only, as the reader is."""

from dataclasses import dataclass
from datetime import timedelta

from shared import environment
from shared.environment import Environ


@dataclass(frozen=True, slots=True)
class AdapterSettings:
    """Where the outside services are, and whose account it is. No secret is among it.

    An address of None is the service's own.
    """

    stage: str
    table_prefix: str
    region: str
    public_url: str  # of our webhooks and pay links, no slash at its end; "" where not known yet
    public_url_parameter: str  # the SSM parameter that holds it instead; "" where none does
    twilio_account_sid: str  # "" in a process that sends no texts
    business_store: str = ""  # the bucket of published business files; "" where files alone count
    mail_from: str = ""  # a verified identity of SES; "" where no business has its texts off
    aws_endpoint_url: str | None = None
    twilio_api_base: str | None = None
    stripe_api_base: str | None = None
    clock_offset: timedelta = timedelta()  # business time less real time
    by_business: bool = True  # metrics are kept for each business, too
    keep_days: int | None = None  # calls and turns are kept so long; for ever without
    customer_days: int | None = None  # jobs and customers, after the visit
    payment_days: int | None = None  # payments, after the last news of them


def settings_of(environ: Environ) -> AdapterSettings:
    """Read what is set. What must be set is for each process to say, with `environment.require`.

    Raises:
        BadSettings: a variable cannot be right.
    """
    return AdapterSettings(
        stage=environment.stage(environ),
        table_prefix=environment.value(environ, "TABLE_PREFIX", environment.LOCAL_PREFIX),
        region=environment.region(environ),
        public_url=environment.url(environ, "PUBLIC_BASE_URL") or "",
        public_url_parameter=environment.value(environ, "PUBLIC_BASE_URL_PARAMETER"),
        twilio_account_sid=environment.value(environ, "TWILIO_ACCOUNT_SID"),
        business_store=environment.value(environ, "BUSINESS_STORE"),
        mail_from=environment.value(environ, "MAIL_FROM"),
        aws_endpoint_url=environment.url(environ, "AWS_ENDPOINT_URL"),
        twilio_api_base=environment.url(environ, "TWILIO_API_BASE"),
        stripe_api_base=environment.url(environ, "STRIPE_API_BASE"),
        clock_offset=environment.clock_offset(environ),
        by_business=environment.value(environ, "BUSINESS_METRICS", "on") != "off",
        keep_days=environment.keep_days(environ),
        customer_days=environment.keep_days(environ, "CUSTOMER_DAYS"),
        payment_days=environment.keep_days(environ, "PAYMENT_DAYS"),
    )
