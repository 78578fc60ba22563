"""Who watches: alarms and where they go, two dashboards, and a budget."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_budgets as budgets
from constructs import Construct

from infra.config import Stage
from infra.constructs.monitoring.alarms import EDGE, Alarms
from infra.constructs.monitoring.dashboards import Dashboards
from infra.constructs.monitoring.metrics import Resources, StageMetrics
from infra.constructs.monitoring.queries import Queries
from infra.constructs.monitoring.topics import Topics
from infra.stacks.api import ApiStack
from infra.stacks.data import DataStack
from infra.stacks.media import MediaStack
from shared import schema


class ObservabilityStack(Stack):
    """Exports `alarms`, `topics`, `dashboards`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        *,
        data: DataStack,
        api: ApiStack,
        media: MediaStack,
        analytics: Stack | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        metrics = StageMetrics(stage, _resources(stage, api, media, exports=analytics is not None))
        self.topics = Topics(self, "Topics", stage, data.key)
        self.alarms = Alarms(self, "Alarms", metrics, self.topics)
        # EdgeErrors may not exist where this is deployed; CloudFront has its own graph.
        shown = [alarm for name, alarm in self.alarms.by_name.items() if name not in EDGE]
        self.dashboards = Dashboards(self, "Dashboards", metrics, shown)
        Queries(self, "Queries", stage)
        self._budget(stage)
        for name, value in (
            ("PageTopic", self.topics.page.topic_arn),
            ("TicketTopic", self.topics.ticket.topic_arn),
        ):
            CfnOutput(self, name, value=value).override_logical_id(name)

    def _budget(self, stage: Stage) -> None:
        """Mail when the month will cost more than it may.

        The mails come straight from Budgets, which cannot use a topic with a key of ours.
        """
        if stage.monthly_budget_usd is None:
            return
        mails = [
            budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=address)
            for address in (*stage.page, *stage.ticket)
            if "@" in address  # Budgets mails, and nothing else
        ]
        notifications = [
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=mails,
            )
            for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
        ]
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=f"{stage.prefix}month",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(
                    amount=stage.monthly_budget_usd, unit="USD"
                ),
            ),
            notifications_with_subscribers=notifications if mails else None,
        )


def _resources(stage: Stage, api: ApiStack, media: MediaStack, *, exports: bool) -> Resources:
    """Return the dimensions of what is watched, by the names that rules use.

    Names we gave ourselves need no reference, so that no stack waits for another.
    """
    functions = [*api.functions, *(["index_export"] if exports else [])]
    balancer = {"LoadBalancer": media.edge.alb.load_balancer_full_name}
    targets = {"TargetGroup": media.edge.target_group.target_group_full_name}
    return {
        **{name: {"FunctionName": stage.prefix + name.replace("_", "-")} for name in functions},
        **{
            f"table.{table}": {"TableName": schema.table_name(stage.prefix, table)}
            for table in schema.TABLES
        },
        "api": {"ApiId": api.api.http_api_id},
        **({"exports_failed": {"QueueName": f"{stage.prefix}exports-failed"}} if exports else {}),
        "balancer": balancer,
        "targets": {**balancer, **targets},
        "service": {
            "ClusterName": f"{stage.prefix}bridge",
            "ServiceName": f"{stage.prefix}bridge",
        },
        "throttled": {},
        "fallback": {
            "DistributionId": media.fallback.distribution.distribution_id,
            "Region": "Global",
        },
        **({} if stage.small else {"answering": _answering(api)}),
        "edge": {"DistributionId": media.edge.distribution.distribution_id, "Region": "Global"},
    }


def _answering(api: ApiStack) -> dict[str, str]:
    """The one route that a ringing phone waits for. Needs the API's detailed metrics."""
    return {"ApiId": api.api.http_api_id, "Stage": "$default", "Route": "POST /incoming"}
