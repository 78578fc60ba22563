"""The HTTP API's one stage: throttled, measured by route, logged without query strings."""

import json
from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_logs as logs

# Requests a second. A call makes about six; what is not signed costs us one HMAC. The limit is
# high so that a stranger's flood does not make Twilio's own requests 429: AWS's own is 10,000.
RATE, BURST = 500, 1000
# Links of ours, in texts and calendars, are followed by people and by what subscribes.
PAY_RATE, PAY_BURST = 20, 50

# The route and not the path: paths hold job ids. No query: /whisper's has the call's id.
_LOGGED = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "integrationError": "$context.integrationErrorMessage",
    "responseBytes": "$context.responseLength",
    "sourceIp": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
}


def open_stage(
    scope: Stack,
    api: http.HttpApi,
    log: logs.LogGroup,
    *,
    links: Sequence[str],
    detailed: bool,
) -> http.CfnStage:
    """`$default`, so that the address has no stage in it.

    `detailed`: metrics by route, which AnswerSlow reads; they are paid for.
    """
    return http.CfnStage(
        scope,
        "HttpStage",
        api_id=api.http_api_id,
        stage_name="$default",
        auto_deploy=True,
        default_route_settings=http.CfnStage.RouteSettingsProperty(
            throttling_rate_limit=RATE,
            throttling_burst_limit=BURST,
            detailed_metrics_enabled=detailed,
        ),
        route_settings={
            route: {
                "ThrottlingRateLimit": PAY_RATE,
                "ThrottlingBurstLimit": PAY_BURST,
                "DetailedMetricsEnabled": detailed,
            }
            for route in links
        },
        access_log_settings=http.CfnStage.AccessLogSettingsProperty(
            destination_arn=_arn(scope, log), format=json.dumps(_LOGGED)
        ),
    )


def _arn(stack: Stack, log: logs.LogGroup) -> str:
    """Without the `:*` that CloudFormation puts behind a log group's ARN."""
    return stack.format_arn(
        service="logs",
        resource="log-group",
        resource_name=log.log_group_name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
