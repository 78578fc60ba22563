"""Metrics as CloudWatch knows them: our own by stage, AWS's by the resource they are of."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.alarm_rules.rule import AwsMetric, OwnMetric
from infra.config import Stage
from shared import schema

# resource, as rules and dashboards name it -> dimensions of its metrics
Resources = Mapping[str, Mapping[str, str]]


class StageMetrics:
    """The metrics of one stage, from what rules and dashboards name."""

    def __init__(self, stage: Stage, resources: Resources) -> None:
        self.stage, self.resources = stage, resources

    def has(self, metric: OwnMetric | AwsMetric) -> bool:
        """Whether this deployment has what the metric is of."""
        return isinstance(metric, OwnMetric) or metric.of in self.resources

    def metric(
        self,
        metric: OwnMetric | AwsMetric,
        period_s: int,
        label: str | None = None,
        region: str | None = None,
    ) -> cloudwatch.Metric:
        if isinstance(metric, OwnMetric):
            return self.own(metric.name, metric.stat, period_s, label=label)
        extra = {"Operation": metric.operation} if metric.operation else {}
        return cloudwatch.Metric(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions_map={**self.resources[metric.of], **extra},
            statistic=metric.stat,
            period=Duration.seconds(period_s),
            label=label,
            region=region,
        )

    def own(
        self,
        name: str,
        stat: str,
        period_s: int,
        *,
        business: str | None = None,
        label: str | None = None,
    ) -> cloudwatch.Metric:
        """One of schema.METRICS: of the stage, or of one business of it."""
        if name not in schema.METRICS:
            raise KeyError(name)
        of_business = {schema.BUSINESS: business} if business else {}
        return cloudwatch.Metric(
            namespace=schema.NAMESPACE,
            metric_name=name,
            dimensions_map={schema.STAGE: self.stage.name, **of_business},
            statistic=stat,
            period=Duration.seconds(period_s),
            label=label,
        )
