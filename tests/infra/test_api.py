"""The webhooks: every route leads to a live function that has what it reads, and no more."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from functions.deliver import settings as deliver_settings
from functions.follow_up import settings as follow_up_settings
from functions.follow_up.handler import CHECK_SLOTS
from functions.incoming import settings as incoming_settings
from functions.office import settings as office_settings
from functions.stripe_webhook import settings as stripe_settings
from infra.constructs.network.http_stage import BURST, RATE
from infra.constructs.network.routes import ROUTES
from infra.ops.live import FUNCTIONS
from tests.infra.conftest import CONTEXT, Deployment, Template, deployment

FUNCTION = "AWS::Lambda::Function"
SETTINGS: dict[str, Callable[[Mapping[str, str]], Any]] = {
    "incoming": incoming_settings.settings_of,
    "stripe_webhook": stripe_settings.settings_of,
    "follow_up": follow_up_settings.settings_of,
    "deliver": deliver_settings.settings_of,
    "office": office_settings.settings_of,
}


class Noted(Mapping[str, str]):
    """An environment that notes what it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values, self.asked = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def lambda_of(api: Template, name: str) -> dict[str, Any]:
    handler = f"functions.{name}.handler.lambda_handler"
    return api.one(FUNCTION, Handler=handler)


def environment_of(api: Template, name: str) -> dict[str, str]:
    """Its variables; where a value is known only at deployment, an address stands for it."""
    variables = lambda_of(api, name)["Environment"]["Variables"]
    made = {"MEDIA_URL": "wss://made.example/media"}
    return {
        k: v if isinstance(v, str) else made.get(k, "https://made.example/x")
        for k, v in variables.items()
    }


@pytest.fixture
def api(either: Deployment) -> Template:
    return either.templates["api"]


def test_every_function_is_arm64_of_one_python_behind_its_alias(api: Template) -> None:
    functions = api.of(FUNCTION)
    for function in functions.values():
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.13"
    aliases = api.of("AWS::Lambda::Alias").values()
    assert [alias["Name"] for alias in aliases] == ["live"] * len(functions)


def test_only_the_answer_path_is_snapshotted(api: Template) -> None:
    assert lambda_of(api, "incoming")["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert "SnapStart" not in lambda_of(api, "stripe_webhook")


def test_twilio_is_answered_before_it_gives_up(api: Template) -> None:
    assert lambda_of(api, "incoming")["Timeout"] < 15


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_function_is_given_what_its_settings_read_and_nothing_else(
    api: Template, name: str
) -> None:
    given = environment_of(api, name)
    noted = Noted(given)
    settings = SETTINGS[name](noted)
    assert settings.adapters.table_prefix == given["TABLE_PREFIX"]
    plain = {variable for variable in given if not variable.endswith("_SECRET_ARN")}
    assert plain <= noted.asked


def test_secrets_are_named_by_name_and_no_value_is_in_the_template(api: Template) -> None:
    given = environment_of(api, "stripe_webhook")
    stage = given["STAGE"]
    assert given["STRIPE_WEBHOOK_SECRET_SECRET_ARN"] == f"callwright/{stage}/stripe-webhook-secret"
    assert "STRIPE_API_KEY" not in given
    assert not api.of("AWS::SecretsManager::Secret")


def test_the_routes_are_those_the_handlers_answer(api: Template) -> None:
    from functions.incoming.routes import app as incoming
    from functions.office.handler import INSIDE, OPEN
    from functions.stripe_webhook.handler import app as stripe

    answered = set()
    answered |= {*OPEN, *INSIDE}
    for app in (incoming, stripe):
        for route in [*app._static_routes, *app._dynamic_routes]:
            path = route.path.replace("<", "{").replace(">", "}")
            answered.add(f"{route.method} {path}")
    assert {route["RouteKey"] for route in api.of("AWS::ApiGatewayV2::Route").values()} == answered
    assert {f"{m.value} {path}" for routes in ROUTES.values() for m, path in routes} == answered


def test_the_api_invokes_aliases_and_not_functions(api: Template) -> None:
    aliases = set(api.of("AWS::Lambda::Alias"))
    for integration in api.of("AWS::ApiGatewayV2::Integration").values():
        assert integration["IntegrationUri"]["Ref"] in aliases
        assert integration["PayloadFormatVersion"] == "2.0"


def test_the_stage_is_throttled_measured_and_logged_without_queries(api: Template) -> None:
    stage = api.one("AWS::ApiGatewayV2::Stage", StageName="$default")
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": RATE,
        "ThrottlingBurstLimit": BURST,
        "DetailedMetricsEnabled": True,
    }
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    # `path` would have job ids, the others the query itself.
    unwanted = ("$context.path", "queryString", "$context.requestBody", "authorizer")
    assert not [v for v in logged.values() if any(word in v for word in unwanted)]
    assert {"route", "status", "integrationLatencyMs", "requestId"} <= set(logged)


def test_the_address_is_told_to_operators_and_to_the_bridge(either: Deployment) -> None:
    api, stage = either.templates["api"], either.stacks.stage
    parameter = api.one("AWS::SSM::Parameter", Name=stage.parameter("public-base-url"))
    assert api.body["Outputs"]["PublicBaseUrl"]["Value"] == parameter["Value"]


def test_the_media_address_is_the_media_stacks(full: Deployment) -> None:
    given = lambda_of(full.templates["api"], "incoming")["Environment"]["Variables"]
    assert given["MEDIA_URL"] == "wss://voice.callwright.dev/media"


def test_concurrency_is_reserved_only_where_the_stage_says_so(
    dev: Deployment, full: Deployment
) -> None:
    # A new account's limit is ten, and a reservation that does not fit fails the deployment.
    for function in dev.templates["api"].of(FUNCTION).values():
        assert "ReservedConcurrentExecutions" not in function
    reserved = {
        function["Handler"]: function["ReservedConcurrentExecutions"]
        for function in full.templates["api"].of(FUNCTION).values()
    }
    assert reserved["functions.incoming.handler.lambda_handler"] == 50
    assert reserved["functions.stripe_webhook.handler.lambda_handler"] == 10


def test_follow_ups_run_every_minute_beside_a_longer_check(full: Deployment) -> None:
    api = full.templates["api"]
    often = api.one("AWS::Scheduler::Schedule", Name="callwright-prod-follow-up")
    assert often["ScheduleExpression"] == "rate(1 minute)"
    nightly = api.one("AWS::Scheduler::Schedule", Name="callwright-prod-check-slots")
    assert json.loads(often["Target"]["Input"]) == {}
    assert json.loads(nightly["Target"]["Input"]) == {"work": CHECK_SLOTS}
    for timer in (often, nightly):
        assert timer["Target"]["Arn"]["Ref"] in api.of("AWS::Lambda::Alias")
    function = lambda_of(api, "follow_up")
    assert function["ReservedConcurrentExecutions"] == 2
    assert function["Timeout"] < 300


def test_others_are_told_every_minute_by_a_function_that_has_no_key_of_twilio_or_stripe(
    full: Deployment,
) -> None:
    api = full.templates["api"]
    timer = api.one("AWS::Scheduler::Schedule", Name="callwright-prod-deliver")
    assert timer["ScheduleExpression"] == "rate(1 minute)"
    assert timer["Target"]["Arn"]["Ref"] in api.of("AWS::Lambda::Alias")
    function = lambda_of(api, "deliver")
    assert function["ReservedConcurrentExecutions"] == 1
    assert function["Timeout"] < 60
    variables = function["Environment"]["Variables"]
    named = [name for name in variables if name.endswith("_SECRET_ARN")]
    assert named == ["STREAM_TOKEN_SECRET_SECRET_ARN"]
    assert variables["BUSINESS_SECRETS"] == "callwright/prod/business/"
    bus = api.one("AWS::Events::EventBus", Name=variables["EVENT_BUS"])
    assert bus["Name"] == "callwright-prod-events"


def test_every_function_of_a_stage_is_one_that_a_rollback_knows(dev: Deployment) -> None:
    made = {
        properties["FunctionName"].removeprefix("callwright-dev-")
        for template in dev.templates.values()
        for properties in template.of(FUNCTION).values()
        if "FunctionName" in properties
    }
    assert made == set(FUNCTIONS)


@pytest.mark.parametrize("in_use", [True, False])
def test_an_own_domain_is_given_out_only_once_it_is_in_use(in_use: bool, tmp_path: Path) -> None:
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/example"
    own = {"name": "pay.callwright.dev", "certificate_arn": certificate, "in_use": in_use}
    dev = {**CONTEXT["stages"]["dev"], "name": "dev", "region": "us-east-1", "api_domain": own}
    api = deployment(tmp_path, dev).templates["api"]
    variables = lambda_of(api, "incoming")["Environment"]["Variables"]
    named = ("PUBLIC_BASE_URL", "OTHER_BASE_URL")
    assert [variables[name] == f"https://{own['name']}" for name in named] == [in_use, not in_use]
    assert all(
        "execute-api" in json.dumps(variables[n]) or own["name"] in variables[n] for n in named
    )
    assert api.of("AWS::ApiGatewayV2::DomainName")


def test_what_reads_the_bridges_stack_is_changed_where_it_is_to_be_read_anew(
    dev: Deployment, tmp_path: Path
) -> None:
    stage = {**CONTEXT["stages"]["dev"], "name": "dev"}
    anew = deployment(tmp_path, stage, read_anew="2026-11-26T00:00:00Z").templates
    variables = lambda_of(anew["api"], "incoming")["Environment"]["Variables"]
    assert variables["READ_ANEW"] == "2026-11-26T00:00:00Z"
    version = "AWS::Lambda::Version"
    assert anew["api"].of(version).keys() != dev.templates["api"].of(version).keys()
    for alarm in anew["observability"].of("AWS::CloudWatch::Alarm").values():
        assert {"Key": "read-anew", "Value": "2026-11-26T00:00:00Z"} in alarm["Tags"]
