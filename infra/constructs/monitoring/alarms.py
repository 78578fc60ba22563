"""The alarms: each of `infra.alarm_rules`, the composite that pages once, and the call volume."""

from collections.abc import Sequence

from aws_cdk import Aws as Pseudo
from aws_cdk import CfnCondition, CfnResource, Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra.alarm_rules import CALL_VOLUME, CALLERS_AFFECTED, rules
from infra.alarm_rules.commands import command
from infra.alarm_rules.rule import HOUR, Rule
from infra.config import US_EAST_1
from infra.constructs.monitoring.metrics import StageMetrics
from infra.constructs.monitoring.topics import Topics
from shared import schema

# CloudFront's metrics are in us-east-1, and an alarm is where its metric is.
EDGE = frozenset({"EdgeErrors", "FallbackUsed"})
_COMPARISONS = {
    ">=": cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    ">": cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    "<": cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
}
_MISSING = {
    "is fine": cloudwatch.TreatMissingData.NOT_BREACHING,
    "is bad": cloudwatch.TreatMissingData.BREACHING,
}


class Alarms(Construct):
    """`by_name`, besides the composite and the anomaly alarm."""

    def __init__(self, scope: Construct, id: str, metrics: StageMetrics, topics: Topics) -> None:
        super().__init__(scope, id)
        self._metrics, self._topics = metrics, topics
        self._in_us_east_1: CfnCondition | None = None  # where the region is not known yet
        known = [rule for rule in rules(metrics.stage) if self._applies(rule)]
        self.by_name = {rule.name: self._alarm(rule) for rule in known}
        self._composite([rule for rule in known if rule.route == "callers"])
        if not metrics.stage.small:
            self._call_volume()

    def _applies(self, rule: Rule) -> bool:
        here = self._metrics.stage.region in (None, US_EAST_1) or rule.name not in EDGE
        return here and all(self._metrics.has(metric) for metric in rule.metrics.values())

    def _alarm(self, rule: Rule) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            rule.name,
            alarm_name=self._metrics.stage.prefix + rule.name,
            alarm_description=f"{rule.means}\nFirst: {rule.first}\n"
            f"{command(rule.heading, self._metrics.stage)}\n{rule.anchor}",
            metric=self._measured(rule),
            comparison_operator=_COMPARISONS[rule.comparison],
            threshold=rule.threshold,
            evaluation_periods=rule.periods,
            datapoints_to_alarm=rule.breaching or rule.periods,
            treat_missing_data=_MISSING[rule.missing],
            evaluate_low_sample_count_percentile="ignore" if rule.is_percentile else None,
        )
        self._add_actions(alarm, page=rule.route == "page")
        if rule.name in EDGE and self._metrics.stage.region is None:
            self._only_in_us_east_1(alarm)
        return alarm

    def _measured(self, rule: Rule) -> cloudwatch.IMetric:
        metrics: dict[str, cloudwatch.IMetric] = {
            name: self._metrics.metric(metric, rule.period_s)
            for name, metric in rule.metrics.items()
        }
        if not rule.expression:
            (single,) = metrics.values()
            return single
        return cloudwatch.MathExpression(
            expression=rule.expression,
            using_metrics=metrics,
            period=Duration.seconds(rule.period_s),
            label=rule.name,
        )

    def _add_actions(self, alarm: cloudwatch.AlarmBase, *, page: bool) -> None:
        topic = actions.SnsAction(self._topics.page if page else self._topics.ticket)
        alarm.add_alarm_action(topic)
        alarm.add_ok_action(topic)

    def _only_in_us_east_1(self, alarm: cloudwatch.Alarm) -> None:
        if self._in_us_east_1 is None:
            self._in_us_east_1 = CfnCondition(
                self, "InUsEast1", expression=Fn.condition_equals(Pseudo.REGION, US_EAST_1)
            )
        resource = alarm.node.default_child
        assert isinstance(resource, CfnResource)
        resource.cfn_options.condition = self._in_us_east_1

    def _composite(self, parts: Sequence[Rule]) -> None:
        """One page, however many of the alarms about the same outage go off."""
        composite = cloudwatch.CompositeAlarm(
            self,
            CALLERS_AFFECTED,
            composite_alarm_name=self._metrics.stage.prefix + CALLERS_AFFECTED,
            alarm_description="Callers are not answered, cut off or kept waiting.\nFirst: which "
            f"of its alarms went off.\n{command(CALLERS_AFFECTED, self._metrics.stage)}\n"
            f"docs/operations.md#{CALLERS_AFFECTED.lower()}",
            alarm_rule=cloudwatch.AlarmRule.any_of(
                *(
                    cloudwatch.AlarmRule.from_alarm(
                        self.by_name[rule.name], cloudwatch.AlarmState.ALARM
                    )
                    for rule in parts
                )
            ),
        )
        self._add_actions(composite, page=True)

    def _call_volume(self) -> None:
        """Outside three standard deviations of what this hour usually brings, two hours long."""
        metric = self._metrics.own("TwimlServed", "Sum", HOUR)
        cloudwatch.CfnAnomalyDetector(
            self,
            "UsualCallVolume",
            single_metric_anomaly_detector=(
                cloudwatch.CfnAnomalyDetector.SingleMetricAnomalyDetectorProperty(
                    namespace=schema.NAMESPACE,
                    metric_name="TwimlServed",
                    dimensions=[
                        cloudwatch.CfnAnomalyDetector.DimensionProperty(
                            name=schema.STAGE, value=self._metrics.stage.name
                        )
                    ],
                    stat="Sum",
                )
            ),
        )
        alarm = cloudwatch.AnomalyDetectionAlarm(
            self,
            CALL_VOLUME,
            alarm_name=self._metrics.stage.prefix + CALL_VOLUME,
            alarm_description="Far more or far fewer calls than this hour usually brings.\nFirst: "
            "calls by business on the dashboard.\n"
            f"{command(CALL_VOLUME, self._metrics.stage)}\n"
            f"docs/operations.md#{CALL_VOLUME.lower()}",
            metric=metric,
            std_devs=3,
            evaluation_periods=2,
            comparison_operator=(
                cloudwatch.ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD
            ),
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        self._add_actions(alarm, page=False)
