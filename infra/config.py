"""One stage's configuration: what `cdk.json` (and -c on the command line) says, validated."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from shared.domain.business import Business

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_HTTPS = re.compile(r"https://[^\s@]+")
_PHONE = re.compile(r"\+[1-9]\d{7,14}")


def _reachable(value: str) -> str:
    """Whom an alarm reaches: a mail, an endpoint of PagerDuty's or the like, or a phone."""
    if not any(kind.fullmatch(value) for kind in (_EMAIL, _HTTPS, _PHONE)):
        raise ValueError("a mail address, an https:// endpoint or a number like +15555550100")
    return value


Target = Annotated[str, AfterValidator(_reachable)]
Targets = Annotated[
    tuple[Target, ...], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)
]
Email = Annotated[str, Field(pattern=rf"^{_EMAIL.pattern}$")]
Phone = Annotated[str, Field(pattern=rf"^{_PHONE.pattern}$")]
Zone = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]

US_EAST_1 = "us-east-1"  # where CloudFront keeps its metrics, certificates and web ACLs
NO_ACCOUNT = "AC" + "0" * 32  # the example in cdk.json
TWILIO_TEST_NUMBER = "+15005550006"

# CloudFront's own addresses in each region, as AWS keeps them
# (com.amazonaws.global.cloudfront.origin-facing): where the media stack can be deployed. An id
# never changes; a look-up at synth would need an account.
CLOUDFRONT_PREFIX_LISTS = {
    "ap-northeast-1": "pl-58a04531",
    "ap-southeast-1": "pl-31a34658",
    "ap-southeast-2": "pl-b8a742d1",
    "eu-central-1": "pl-a3a144ca",
    "eu-west-1": "pl-4fa04526",
    "eu-west-2": "pl-93a247fa",
    "us-east-1": "pl-3b927c52",
    "us-east-2": "pl-b6a144df",
    "us-west-1": "pl-4ea04527",
    "us-west-2": "pl-82a045eb",
}


class BadStage(Exception):
    """A stage that cannot be deployed; the message names stage, field and reason."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _OwnName(_Part):
    """A name of the owner's in front of one of AWS's. Two steps: deployed it answers, and once the
    name leads to it `in_use` has it asked."""

    name: str = Field(pattern=r"^[a-z0-9.-]+\.[a-z]{2,}$")
    in_use: bool = False  # it is given out


class Domain(_OwnName):
    """A domain of the owner's for the media socket; without one CloudFront's own is used."""

    certificate_arn: str = Field(pattern=r"^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/.+")


class ApiDomain(_OwnName):
    """A domain of the owner's for webhooks and pay links; without one API Gateway's own is used.

    A link that asks for money reads better on the business's own name.
    """

    certificate_arn: str = Field(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/.+")


class BridgeSize(_Part):
    """How many tasks carry the calls, and how many calls one carries."""

    min_tasks: int = Field(default=2, ge=1, le=100)
    max_tasks: int = Field(default=6, ge=1, le=100)
    cpu: Literal[256, 512, 1024, 2048, 4096] = 1024
    memory_mib: int = Field(default=2048, ge=512, le=30720)
    max_calls_a_task: int = Field(default=50, ge=1, le=500)
    target_calls_a_task: int = Field(default=15, ge=1, le=500)

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.min_tasks > self.max_tasks:
            raise ValueError("min_tasks is above max_tasks")
        if self.target_calls_a_task > self.max_calls_a_task:
            raise ValueError("target_calls_a_task is above max_calls_a_task")
        return self


# One shop: a task that dies leaves callers to be rung through until the next one runs.
SMALL_BRIDGE = BridgeSize(
    min_tasks=1, max_tasks=2, cpu=256, memory_mib=512, max_calls_a_task=12, target_calls_a_task=6
)


class Stage(_Part):
    """What differs between dev, staging and prod. Context key: `stages.<name>` in cdk.json."""

    name: Literal["dev", "staging", "prod"]
    twilio_account_sid: str = Field(pattern=r"^AC[0-9a-f]{32}$")
    region: str | None = Field(default=None, pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    account: str | None = Field(default=None, pattern=r"^\d{12}$")
    # Which two zones; CloudFront cannot reach into every one (us-east-1: not into use1-az3).
    zones: tuple[Zone, Zone] | None = None
    egress: Literal["public", "nat"] = "public"
    domain: Domain | None = None
    api_domain: ApiDomain | None = None
    small: bool = False  # one shop: one small task, the alarms that matter, nothing paid besides
    bridge: BridgeSize = BridgeSize()
    # Calls of one number within an hour, and dollars of the model within a day (UTC), beyond
    # which callers are put through to people.
    calls_an_hour: int = Field(default=6, ge=1, le=1_000)
    model_usd_a_day: int | None = Field(default=None, ge=1, le=1_000_000)
    log_days: Literal[7, 14, 30, 90, 180, 365] = 30
    keep_days: int = Field(default=400, ge=1)  # calls and turns: words, numbers, addresses
    # Customers and jobs, from the last visit on; payments from the last news of them. The books
    # of a trade are asked for three and seven years back (IRS Publication 583).
    customer_days: int = Field(default=3 * 365 + 1, ge=30)
    payment_days: int = Field(default=7 * 365 + 2, ge=365)
    export_days: int = Field(default=90, ge=1, le=3650)
    page: Targets = ()
    ticket: Targets = ()
    cmk: bool = False  # one customer managed KMS key instead of AWS's own
    waf: bool = False  # a web ACL of ours on CloudFront; it sees upgrades, never frames
    web_acl_arn: str | None = Field(
        default=None, pattern=r"^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global/webacl/.+"
    )
    mail_from: Email | None = None  # a verified identity of SES, for businesses with texts off
    monthly_budget_usd: int | None = Field(default=None, ge=1)
    model_usd_an_hour: int = Field(default=25, ge=1)  # above it somebody is paged
    model: str = Field(default="gpt-realtime-2.1", min_length=1)
    voice: str = Field(default="marin", min_length=1)
    max_write_units: int = Field(default=2000, ge=1)
    max_read_units: int = Field(default=4000, ge=1)
    # Of /incoming. The account's own limit must leave 100 beside all reserved ones.
    reserved_concurrency: int | None = Field(default=None, ge=5, le=1000)
    synthetic_callers: tuple[Phone, ...] = (TWILIO_TEST_NUMBER,)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.name == "prod" and not (self.page and self.ticket):
            raise ValueError("prod needs page and ticket addresses: an alarm must reach somebody")
        if self.waf and self.web_acl_arn:
            raise ValueError("give waf or web_acl_arn, not both")
        if self.waf and self.region != US_EAST_1:
            raise ValueError(
                "waf: CloudFront takes a web ACL of us-east-1 only; set region to us-east-1, or "
                "make one there and give its web_acl_arn"
            )
        if self.zones and any(zone[:-1] != self.region for zone in self.zones):
            raise ValueError("zones must lie in region")
        if self.cmk and self.region is None:
            raise ValueError("cmk needs region: a table's key is named with it")
        if self.region and self.region not in CLOUDFRONT_PREFIX_LISTS:
            known = ", ".join(CLOUDFRONT_PREFIX_LISTS)
            raise ValueError(f"region: CloudFront's addresses are known in {known}")
        if self.api_domain and self.region is None:
            raise ValueError("api_domain needs region: its certificate lies there")
        if self.api_domain and f":acm:{self.region}:" not in self.api_domain.certificate_arn:
            raise ValueError("api_domain.certificate_arn must lie in region")
        return self

    @model_validator(mode="before")
    @classmethod
    def _smaller(cls, given: Any) -> Any:
        """A small stage has a small bridge, unless it says otherwise."""
        if isinstance(given, dict) and given.get("small") and "bridge" not in given:
            return {**given, "bridge": SMALL_BRIDGE}
        return given

    @property
    def prefix(self) -> str:
        """Physical names start so: `callwright-prod-`."""
        return f"callwright-{self.name}-"

    @property
    def examples(self) -> tuple[str, ...]:
        """The fields that still hold cdk.json's example values; such a stage takes no call."""
        examples = {
            "twilio_account_sid": self.twilio_account_sid == NO_ACCOUNT,
            "page": any(each.endswith("@example.com") for each in self.page),
            "ticket": any(each.endswith("@example.com") for each in self.ticket),
        }
        return tuple(field for field, is_example in examples.items() if is_example)

    def parameter(self, name: str) -> str:
        """The SSM parameter `name` of this stage."""
        return f"/callwright/{self.name}/{name}"

    def business_store(self, account: str) -> str:
        """The bucket of this stage's business files; the account's id makes it the only one."""
        return f"{self.prefix}businesses-{account}"

    def secret(self, name: str) -> str:
        """The Secrets Manager entry `name` of this stage."""
        return f"callwright/{self.name}/{name}"


def without_mail(stage: Stage, businesses: Mapping[str, Business]) -> str:
    """Why nobody of a business would hear of a booking; "" where all do."""
    silent = [each.id for each in businesses.values() if not each.sends_texts]
    if not silent or stage.mail_from:
        return ""
    return f"stage {stage.name}: mail_from is needed: texts are off for {', '.join(silent)}"


def stage_of(name: str | None, stages: dict[str, Any]) -> Stage:
    """The named stage.

    Raises:
        BadStage: no stage was named, there is none of that name, or a field is wrong.
    """
    known = ", ".join(sorted(stages))
    if not name:
        raise BadStage(f"name a stage: -c stage=NAME, one of {known}")
    if name not in stages:
        raise BadStage(f"there is no stage {name!r} in cdk.json; there is {known}")
    try:
        return Stage.model_validate({**stages[name], "name": name})
    except ValidationError as exc:
        wrong = [f"{_field(error['loc'])}: {error['msg']}" for error in exc.errors()]
        raise BadStage(f"stage {name}: {'; '.join(wrong)}") from exc


def _field(where: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in where) or "the stage"
