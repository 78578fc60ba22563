"""The HTTP API's one stage: throttled, measured by route, logged without query strings."""

import json

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_logs as logs

RATE, BURST = 50, 100  # requests a second; a call makes about six

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


def open_stage(scope: Stack, api: http.HttpApi, log: logs.LogGroup) -> http.CfnStage:
    """`$default`, so that the address has no stage in it."""
    return http.CfnStage(
        scope,
        "HttpStage",
        api_id=api.http_api_id,
        stage_name="$default",
        auto_deploy=True,
        default_route_settings=http.CfnStage.RouteSettingsProperty(
            throttling_rate_limit=RATE,
            throttling_burst_limit=BURST,
            detailed_metrics_enabled=True,
        ),
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
