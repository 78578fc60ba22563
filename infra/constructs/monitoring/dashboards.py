"""Two dashboards: what the business sees, and what its operators see."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.alarm_rules.rule import HOUR, MINUTE, AwsMetric
from infra.config import US_EAST_1
from infra.constructs.monitoring.metrics import StageMetrics
from shared import schema
from shared.businesses import all_businesses

FIVE = 5 * MINUTE
FUNNEL = ("TwimlServed", "BookableCalls", "Quotes", "Bookings", "DepositsPaid")
TOOLS_MS = tuple(tool.duration for tool in schema.ToolName)
FUNCTIONS = ("incoming", "stripe_webhook", "office", "follow_up", "deliver", "index_export")
_LABELS = {"TwimlServed": "calls", "BookableCalls": "bookable", "DepositsPaid": "deposits paid"}

Lines = Sequence[cloudwatch.IMetric]


class Dashboards(Construct):
    """`business` and `operations`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        metrics: StageMetrics,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, id)
        self._metrics, prefix = metrics, metrics.stage.prefix
        self.business = cloudwatch.Dashboard(
            self, "Business", dashboard_name=f"{prefix}business", widgets=self._business()
        )
        self.operations = cloudwatch.Dashboard(
            self, "Operations", dashboard_name=f"{prefix}operations", widgets=self._operations()
        )
        self.operations.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=24, height=5)
        )

    # -- the business ------------------------------------------------------------------------

    def _business(self) -> list[list[cloudwatch.IWidget]]:
        return [
            [self._numbers("From call to deposit", *FUNNEL)],
            [
                self._by_business("Calls", "TwimlServed"),
                self._by_business("Bookable calls", "BookableCalls"),
                self._by_business("Quotes", "Quotes"),
            ],
            [
                self._by_business("Bookings", "Bookings"),
                self._sums("Changes", "Reschedules", "Cancellations"),
                self._by_business("Booked, USD", "BookedUsd"),
                self._by_business("Deposits, USD", "DepositsPaidUsd"),
            ],
            [
                self._sums("Deposits", "DepositLinks", "DepositsPaid", "DepositsReminded"),
                self._sums("People asked for", "EscalationsAsked", "EscalationFailed"),
                self._sums(
                    "Dangers", "EmergencyDetected", "EmergencyHandled", "EmergencyAcknowledged"
                ),
            ],
            [
                self._sums("Texts", "SmsSent", "SmsFailed", "VisitsReminded", "FollowUpsGivenUp"),
                self._sums("Given back", "JobsReleased", "PaymentsNeedRefund", "PaymentsDisputed"),
                self._sums("Told others", "EventsDelivered", "EventsNotDelivered", "EventsParked"),
                self._sums("The office's page", "OfficeUnlocked"),
                self._graph("Seconds a call", [self._own("CallSeconds", "Average", HOUR)]),
            ],
        ]

    def _numbers(self, title: str, *names: str) -> cloudwatch.IWidget:
        return cloudwatch.SingleValueWidget(
            title=title,
            metrics=[self._own(name, "Sum", HOUR) for name in names],
            set_period_to_time_range=True,
            width=24,
            height=4,
        )

    def _by_business(self, title: str, name: str) -> cloudwatch.IWidget:
        return cloudwatch.GraphWidget(
            title=title,
            left=[
                self._metrics.own(name, "Sum", HOUR, business=business.id, label=business.name)
                for business in all_businesses().values()
            ],
            stacked=True,
            width=8,
        )

    def _sums(self, title: str, *names: str) -> cloudwatch.IWidget:
        return self._graph(title, [self._own(name, "Sum", HOUR) for name in names])

    # -- operations --------------------------------------------------------------------------

    def _operations(self) -> list[list[cloudwatch.IWidget]]:
        return [
            [
                self._graph("Turn latency, ms", self._percentiles("TurnLatencyMs")),
                self._graph("First audio, ms", self._percentiles("FirstAudioMs")),
                self._graph("Barge-in, ms", self._percentiles("BargeInMs")),
            ],
            [
                self._graph("Tools, ms p95", [self._own(name, "p95", FIVE) for name in TOOLS_MS]),
                self._graph("Active calls a task", self._active_calls(), self._tasks()),
                self._graph("Audio frames", self._minutes("FramesSent", "FramesLate")),
            ],
            [
                self._graph(
                    "Calls",
                    self._minutes(
                        "TwimlServed",
                        "CallsAnswered",
                        "StreamStarted",
                        "CallsEnded",
                        "SyntheticCallsAnswered",
                    ),
                ),
                self._graph("Calls that broke", self._broken()),
                self._graph("Refused", self._refused()),
            ],
            [
                self._graph("5xx and throttles", self._errors()),
                self._graph("Functions, ms p99", self._aws_functions("Duration", "p99")),
                self._graph("Healthy bridges", self._of_aws(_HEALTHY)),
            ],
            [
                self._graph("DynamoDB throttles", self._tables("WriteThrottleEvents")),
                self._graph("DynamoDB conflicts", self._tables("TransactionConflict")),
                self._graph("CloudFront 5xx, %", self._edge()),
            ],
            [
                self._graph("Model, USD", [self._own("EstimatedModelCostUsd", "Sum", HOUR)]),
                self._graph("Money that needs a look", self._money()),
                self._graph("Nightly", self._nightly()),
            ],
        ]

    def _active_calls(self) -> Lines:
        return [self._own("ActiveCalls", stat, MINUTE) for stat in ("Average", "Maximum")]

    def _tasks(self) -> Lines:
        names = ("RunningTaskCount", "DesiredTaskCount")
        return self._of_aws(
            [AwsMetric("ECS/ContainerInsights", name, "service", "Average") for name in names]
        )

    def _broken(self) -> Lines:
        return self._minutes(
            "CallsEndedAbnormally",
            "ModelSessionFailed",
            "ModelReopened",
            "WebhooksBroken",
            "UnsureClaims",
        )

    def _refused(self) -> Lines:
        return self._minutes(
            "CallsRejectedCapacity",
            "CallsNotAdmitted",
            "CallsRejectedSignature",
            "CallsRejectedToken",
            "OfficeCodesRefused",
        )

    def _errors(self) -> Lines:
        errors = [AwsMetric("AWS/Lambda", "Errors", name) for name in FUNCTIONS]
        return self._of_aws(
            [
                AwsMetric("AWS/ApiGateway", "5xx", "api"),
                AwsMetric("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "targets"),
                *errors,
            ]
        )

    def _aws_functions(self, name: str, stat: str) -> Lines:
        return self._of_aws(
            [AwsMetric("AWS/Lambda", name, function, stat) for function in FUNCTIONS]
        )

    def _tables(self, name: str) -> Lines:
        return self._of_aws(
            [AwsMetric("AWS/DynamoDB", name, f"table.{table}") for table in schema.TABLES]
        )

    def _edge(self) -> Lines:
        rate = AwsMetric("AWS/CloudFront", "5xxErrorRate", "edge", "Average")
        if not self._metrics.has(rate):
            return []
        return [self._metrics.metric(rate, FIVE, region=US_EAST_1)]

    def _money(self) -> Lines:
        return self._minutes(
            "PaymentsNotSettled",
            "PaymentsOfNothing",
            "WebhooksRejected",
            "CardNumbersMasked",
            "FieldsNotSigned",
        )

    def _nightly(self) -> Lines:
        names = (
            "CallsIndexed",
            "AgentTurnsIndexed",
            "CustomersIndexed",
            "JobsIndexed",
            "PaymentsIndexed",
            "SlotInvariantViolation",
            "BookingFailed",
            "ModelsEndingSoon",
        )
        return [self._own(name, "Sum", HOUR) for name in names]

    # -- lines -------------------------------------------------------------------------------

    def _own(self, name: str, stat: str, period_s: int) -> cloudwatch.Metric:
        label = _LABELS.get(name, name)
        return self._metrics.own(
            name, stat, period_s, label=label if stat == "Sum" else f"{label} {stat}"
        )

    def _minutes(self, *names: str) -> Lines:
        return [self._own(name, "Sum", FIVE) for name in names]

    def _percentiles(self, name: str) -> Lines:
        return [self._own(name, stat, FIVE) for stat in ("p50", "p95", "p99")]

    def _of_aws(self, metrics: Sequence[AwsMetric]) -> Lines:
        known = [metric for metric in metrics if self._metrics.has(metric)]
        return [
            self._metrics.metric(metric, FIVE, label=f"{metric.of} {metric.name}")
            for metric in known
        ]

    def _graph(self, title: str, left: Lines, right: Lines = ()) -> cloudwatch.IWidget:
        return cloudwatch.GraphWidget(title=title, left=list(left), right=list(right), width=8)


_HEALTHY = [AwsMetric("AWS/ApplicationELB", "HealthyHostCount", "targets", "Minimum")]
