"""Saved queries of CloudWatch Logs Insights: what on-call asks the logs for."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import Stage

# Name -> which logs, and what is asked. Fields are those of our own lines.
QUERIES: Mapping[str, tuple[Sequence[str], str]] = {
    "one call's lines": (
        ("bridge", "incoming", "follow-up"),
        "fields @timestamp, @log, level, message, failure, reason, kind, path, tool, at_ms\n"
        "| filter call_sid = 'CA...'\n| sort @timestamp asc\n| limit 500",
    ),
    "errors by kind": (
        ("bridge", "incoming", "stripe-webhook", "office", "follow-up", "deliver"),
        "filter level in ['ERROR', 'error', 'CRITICAL', 'critical']\n"
        "| stats count(*) as times, latest(@timestamp) as last by message, kind, exception, why\n"
        "| sort times desc",
    ),
    "calls that ended badly": (
        ("bridge",),
        "filter message = 'a call ended badly'\n"
        "| stats count(*) as times by failure, bin(15m)\n| sort @timestamp desc",
    ),
    "webhooks refused by stripe's side": (
        ("stripe-webhook",),
        "filter message = 'stripe webhook refused'\n| stats count(*) as times by why, fields",
    ),
    "slow answers of the api": (
        ("api",),
        "filter latencyMs > 2000\n"
        "| stats count(*) as times, max(latencyMs) as slowest by route, status\n"
        "| sort slowest desc",
    ),
    "who is refused at the api": (
        ("api",),
        "filter status in [403, 429]\n| stats count(*) as times by sourceIp, route, status\n"
        "| sort times desc\n| limit 50",
    ),
}


class Queries(Construct):
    """Every one of QUERIES, under `Callwright <stage>/`."""

    def __init__(self, scope: Construct, id: str, stage: Stage) -> None:
        super().__init__(scope, id)
        groups = {
            "bridge": f"/callwright/{stage.name}/media-bridge",
            "api": f"/aws/vendedlogs/callwright/{stage.name}/api",
        }
        for name, (of, text) in QUERIES.items():
            logs.CfnQueryDefinition(
                self,
                name.title().replace(" ", "").replace("'", ""),
                name=f"Callwright {stage.name}/{name}",
                query_string=text,
                log_group_names=[
                    groups.get(each, f"/aws/lambda/{stage.prefix}{each}") for each in of
                ],
            )
