"""The webhooks: an HTTP API, a Lambda for each sender, and the one that runs on a schedule."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.config import Stage
from infra.constructs import grants
from infra.constructs.compute.bundling import CodeOf
from infra.constructs.compute.python_function import PythonFunction
from infra.constructs.compute.schedule import Schedule
from infra.constructs.log_retention import retention
from infra.constructs.nag import accept
from infra.constructs.network.http_stage import open_stage
from infra.constructs.network.own_domain import own_domain
from infra.constructs.network.routes import LINKS, ROUTES, who_may_ask
from shared.schema import TRANSCRIPTION_MODEL

# function -> what its settings.py reads
_ALL = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL", "BUSINESS_METRICS", "BUSINESS_STORE")
READS: Mapping[str, tuple[str, ...]] = {
    "incoming": (
        *(*_ALL, "OTHER_BASE_URL", "MEDIA_URL", "TWILIO_ACCOUNT_SID"),
        *("SYNTHETIC_CALLERS", "KEEP_DAYS", "CUSTOMER_DAYS"),
    ),
    "stripe_webhook": (
        *(*_ALL, "TWILIO_ACCOUNT_SID", "CUSTOMER_DAYS", "PAYMENT_DAYS", "BUSINESS_SECRETS"),
    ),
    "office": (*_ALL, "TWILIO_ACCOUNT_SID", "CUSTOMER_DAYS", "BUSINESS_SECRETS"),
    "follow_up": (*_ALL, "TWILIO_ACCOUNT_SID", "OPENAI_MODELS"),
    "deliver": (*_ALL, "EVENT_BUS", "BUSINESS_SECRETS"),
    "synthetic_call": ("STAGE", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID"),
}

# function -> variable -> name in Secrets Manager. Whoever tells the office something has the secret
# of stream tokens, which signs the links to its page and to recordings, too.
SECRETS: Mapping[str, Mapping[str, str]] = {
    "incoming": {
        "TWILIO_AUTH_TOKEN": "twilio-auth-token",
        "STREAM_TOKEN_SECRET": "stream-token",
        "STRIPE_API_KEY": "stripe-api-key",  # the session of a visit that is moved by text
    },
    "stripe_webhook": {
        "STRIPE_API_KEY": "stripe-api-key",
        "STRIPE_WEBHOOK_SECRET": "stripe-webhook-secret",
        "STREAM_TOKEN_SECRET": "stream-token",  # signs the forms of a visit's page
        "TWILIO_AUTH_TOKEN": "twilio-auth-token",  # texts that a visit was moved there
    },
    "office": {
        "TWILIO_AUTH_TOKEN": "twilio-auth-token",
        "STRIPE_API_KEY": "stripe-api-key",  # the session of a visit that is moved or canceled
        "STREAM_TOKEN_SECRET": "stream-token",
    },
    "follow_up": {
        "TWILIO_AUTH_TOKEN": "twilio-auth-token",
        "STRIPE_API_KEY": "stripe-api-key",
        "OPENAI_API_KEY": "openai-api-key",
        "STREAM_TOKEN_SECRET": "stream-token",
    },
    "deliver": {"STREAM_TOKEN_SECRET": "stream-token"},
    "synthetic_call": {"TWILIO_AUTH_TOKEN": "twilio-auth-token"},
}


class ApiStack(Stack):
    """Exports `functions` by name, `api`, `http_stage`, `access_log`, `public_url`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        *,
        tables: Mapping[str, dynamodb.TableV2],
        key: kms.IKey | None,
        media_url: str,
        code: CodeOf,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self._stage, self._tables, self._key, self._code = stage, tables, key, code
        self.api = http.HttpApi(
            self, "Api", api_name=f"{stage.prefix}api", create_default_stage=False
        )
        self.api_url = f"https://{self.api.http_api_id}.execute-api.{self.region}.{self.url_suffix}"
        own = stage.api_domain
        # Not before the name leads here: the smoke call would fail, and put back what cannot help.
        self.public_url = f"https://{own.name}" if own and own.in_use else self.api_url
        self.other_url = f"https://{own.name}" if own and not own.in_use else self.api_url
        self._known = self._environment(media_url)
        self.functions = {
            # The caller hears ringing until this one has answered.
            "incoming": self._function(
                "incoming", memory_mib=1024, timeout_s=10, snap_start=not stage.small, share=1.0
            ),
            "stripe_webhook": self._function(
                "stripe_webhook", memory_mib=1024, timeout_s=20, share=0.2
            ),
        }
        self.functions["office"] = self._function(
            "office", memory_mib=1024, timeout_s=15, share=0.1
        )
        self.functions["follow_up"] = self._follow_up()
        self.functions["deliver"] = self._deliver()
        if not stage.small:
            self.functions["synthetic_call"] = self._synthetic_call()
        self._routes()
        self.access_log = self._access_log()
        self.http_stage = open_stage(
            self,
            self.api,
            self.access_log,
            links=LINKS,
            detailed=not stage.small,
        )
        if own is not None:
            own_domain(self, self.api, self.http_stage, own)
        self._count_throttled()
        self._outputs()

    def _environment(self, media_url: str) -> dict[str, str]:
        stage = self._stage
        return {
            "STAGE": stage.name,
            "TABLE_PREFIX": stage.prefix,
            "PUBLIC_BASE_URL": self.public_url,
            # Known in both steps of a move, so that a signature made for either is right whichever
            # version answers: numbers move with `make connect`, calls under way not at all.
            "OTHER_BASE_URL": self.other_url,
            "MEDIA_URL": media_url,
            "TWILIO_ACCOUNT_SID": stage.twilio_account_sid,
            "SYNTHETIC_CALLERS": " ".join(stage.synthetic_callers),
            "KEEP_DAYS": str(stage.keep_days),
            "CUSTOMER_DAYS": str(stage.customer_days),
            "PAYMENT_DAYS": str(stage.payment_days),
            "OPENAI_MODELS": f"{stage.model} {TRANSCRIPTION_MODEL}",
            "BUSINESS_METRICS": "off" if stage.small else "on",
            "EVENT_BUS": f"{stage.prefix}events",
            "BUSINESS_STORE": stage.business_store(self.account),
            "BUSINESS_SECRETS": stage.secret(grants.OF_BUSINESSES),
        }

    def _function(
        self, name: str, *, share: float = 0, least: int = 1, **sizes: Any
    ) -> PythonFunction:
        """`share` of the stage's reserved concurrency, at `least` so many."""
        reserved = self._stage.reserved_concurrency
        mails = name == "deliver" or "TWILIO_ACCOUNT_SID" in READS[name]  # texts staff, or mails
        function = PythonFunction(
            self,
            name.title().replace("_", ""),
            self._stage,
            name,
            code=self._code,
            environment={variable: self._known[variable] for variable in READS[name]}
            | (grants.mail_sender(self._stage) if mails else {})
            | grants.secret_names(self._stage, SECRETS[name]),
            reserved=max(least, round(reserved * share)) if reserved else None,
            **sizes,
        )
        function.allow_tables(grants.USES[name], self._tables, self._key)
        function.allow_secrets(tuple(SECRETS[name].values()))
        if mails:
            grants.allow_mail(function.role, self._stage)
        if "BUSINESS_STORE" in READS[name]:
            grants.allow_business_files(function.role, self._stage)
        if "BUSINESS_SECRETS" in READS[name]:
            grants.allow_business_secrets(function.role, self._stage)
        return function

    def _follow_up(self) -> PythonFunction:
        """What is due every minute, also while a check runs: the nightly ones, and voicemails."""
        function = self._function("follow_up", least=2, memory_mib=512, timeout_s=120)
        for name, every, work in (
            ("follow-up", "rate(1 minute)", {}),
            ("check-slots", "cron(30 8 * * ? *)", {"work": "check_slots"}),
            ("find-voicemails", "rate(15 minutes)", {"work": "find_voicemails"}),
            ("check-models", "cron(40 8 * * ? *)", {"work": "check_models"}),
        ):
            Schedule(
                self,
                f"{name.title().replace('-', '')}Timer",
                name=self._stage.prefix + name,
                every=every,
                alias=function.alias,
                given=work,
            )
        return function

    def _deliver(self) -> PythonFunction:
        """Every minute whoever is to hear of an event does; done before the next one begins."""
        bus = events.EventBus(self, "Events", event_bus_name=self._known["EVENT_BUS"])
        function = self._function("deliver", memory_mib=512, timeout_s=50)
        grants.allow_events(function.role, bus.event_bus_arn)
        Schedule(
            self,
            "DeliverTimer",
            name=f"{self._stage.prefix}deliver",
            every="rate(1 minute)",
            alias=function.alias,
            given={},
        )
        CfnOutput(self, "EventBus", value=bus.event_bus_name).override_logical_id("EventBus")
        return function

    def _synthetic_call(self) -> PythonFunction:
        """A call to ourselves every hour: half a minute of the model, about 0.03 USD."""
        function = self._function("synthetic_call", memory_mib=512, timeout_s=240)
        Schedule(
            self,
            "SyntheticCallTimer",
            name=self._stage.prefix + "synthetic-call",
            every="rate(1 hour)",
            alias=function.alias,
            given={},
        )
        return function

    def _routes(self) -> None:
        for name, routes in ROUTES.items():
            integration = integrations.HttpLambdaIntegration(
                f"{name}-live", self.functions[name].alias
            )
            for method, path in routes:
                for route in self.api.add_routes(
                    path=path, methods=[method], integration=integration
                ):
                    accept(route, {"AwsSolutions-APIG4": who_may_ask(path)})

    def _access_log(self) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "AccessLog",
            # Of this name, logs by AWS's services need no policy that grows with each of them.
            log_group_name=f"/aws/vendedlogs/callwright/{self._stage.name}/api",
            retention=retention(self._stage),
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _count_throttled(self) -> None:
        """How often the API answered 429: its own metrics tell it from no other 4xx."""
        logs.MetricFilter(
            self,
            "Throttled",
            log_group=self.access_log,
            filter_pattern=logs.FilterPattern.number_value("$.status", "=", 429),
            metric_namespace="Callwright/Api",
            metric_name="RequestsThrottled",
            metric_value="1",
        )

    def _outputs(self) -> None:
        ssm.StringParameter(
            self,
            "PublicBaseUrlParameter",
            parameter_name=self._stage.parameter("public-base-url"),
            string_value=self.public_url,
        )
        CfnOutput(self, "PublicBaseUrl", value=self.public_url).override_logical_id("PublicBaseUrl")
        CfnOutput(self, "ApiBaseUrl", value=self.api_url).override_logical_id("ApiBaseUrl")
