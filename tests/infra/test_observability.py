"""Names and dimension sets agree everywhere, every alarm acts, and every alarm has its runbook."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name

from functions.index_export.handler import INDEXED
from infra.alarm_rules import CALL_VOLUME, CALLERS_AFFECTED, rules
from infra.alarm_rules.commands import command
from infra.config import stage_of
from infra.constructs.monitoring.queries import QUERIES
from shared.businesses import all_businesses
from shared.schema import METRICS, NAMESPACE, TABLES
from tests.infra.alarm_engine import ALARM, COMPOSITE, Watch, children
from tests.infra.conftest import CONTEXT, ROOT, SID, Deployment, Template, deployment
from tests.infra.emitted import emitted

DOCS = Path(__file__).parents[2] / "docs" / "operations.md"
RULES = {rule.name: rule for rule in rules(stage_of("dev", CONTEXT["stages"]))}
NAMES = (*RULES, CALLERS_AFFECTED, CALL_VOLUME)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Insights' own words, and the names that queries give.
INSIGHTS = frozenset(
    (
        "filter", "sort", "asc", "desc", "limit", "stats", "count", "by", "in", "as", "max",
        "latest", "bin", "times", "last", "slowest", "m",
    )
)  # fmt: skip
Used = tuple[str, frozenset[str]]


@pytest.fixture
def watching(either: Deployment) -> Template:
    return either.templates["observability"]


@pytest.fixture
def prefix(either: Deployment) -> str:
    return either.stacks.stage.prefix


def body(dashboard: dict[str, Any]) -> dict[str, Any]:
    """A dashboard's JSON; what only the deployment knows is left as a word."""
    written = dashboard["DashboardBody"]
    if isinstance(written, dict):
        parts = written["Fn::Join"][1]
        written = "".join(part if isinstance(part, str) else "known-later" for part in parts)
    parsed: dict[str, Any] = json.loads(written)
    return parsed


def shown(template: Template) -> Iterator[list[Any]]:
    """Every metric line of every dashboard."""
    for dashboard in template.of("AWS::CloudWatch::Dashboard").values():
        for widget in body(dashboard)["widgets"]:
            yield from widget["properties"].get("metrics", [])


def used_by_alarms(template: Template) -> set[Used]:
    alarms = Watch(template.body["Resources"]).alarms.values()
    return {
        (metric.name, frozenset(name for name, _ in metric.dimensions))
        for alarm in alarms
        for metric in alarm.metrics.values()
        if metric.namespace == NAMESPACE
    }


def used_by_dashboards(template: Template) -> set[Used]:
    lines = [line for line in shown(template) if line[0] == NAMESPACE]
    return {
        (line[1], frozenset(part for part in line[2::2] if isinstance(part, str))) for line in lines
    }


# -- names and dimension sets ------------------------------------------------------------------


def test_every_metric_is_written_by_code_and_no_other() -> None:
    assert set(emitted()) == set(METRICS)


def test_alarms_and_dashboards_read_what_the_code_writes(watching: Template) -> None:
    written = emitted()
    for name, dimensions in used_by_alarms(watching) | used_by_dashboards(watching):
        assert name in METRICS
        assert dimensions in written[name], f"{name} is not written by {set(dimensions)}"


def test_every_metric_is_watched_by_somebody(watching: Template) -> None:
    watched = used_by_alarms(watching) | used_by_dashboards(watching)
    assert {name for name, _ in watched} == set(METRICS)


def test_own_metrics_are_of_this_stage_and_of_our_businesses(
    watching: Template, either: Deployment
) -> None:
    stage, businesses = either.stacks.stage.name, set(all_businesses())
    for line in shown(watching):
        if line[0] == NAMESPACE:
            dimensions = dict(zip(line[2::2], line[3::2], strict=False))
            assert dimensions["stage"] == stage
            assert {dimensions.get("business", "coolcare_hvac")} <= businesses


def test_every_business_has_its_line_on_the_business_dashboard(watching: Template) -> None:
    for business in all_businesses():
        assert any(business in line for line in shown(watching))


# -- alarms ------------------------------------------------------------------------------------


def every_alarm(template: Template) -> dict[str, dict[str, Any]]:
    found = [*template.of(ALARM).values(), *template.of(COMPOSITE).values()]
    return {alarm["AlarmName"]: alarm for alarm in found}


def test_every_rule_is_an_alarm(watching: Template, prefix: str) -> None:
    assert set(every_alarm(watching)) == {prefix + name for name in NAMES}


def test_every_alarm_tells_a_topic_when_it_goes_off_and_when_it_is_over(
    watching: Template, prefix: str
) -> None:
    topics = {
        watching.one("AWS::SNS::Topic", TopicName=prefix + kind)["TopicName"]: kind
        for kind in ("page", "ticket")
    }
    names = {id: topics[topic["TopicName"]] for id, topic in watching.of("AWS::SNS::Topic").items()}
    for name, alarm in every_alarm(watching).items():
        (action,) = alarm["AlarmActions"]
        rule = RULES.get(name.removeprefix(prefix))
        pages = rule.route == "page" if rule else name == prefix + CALLERS_AFFECTED
        assert names[action["Ref"]] == ("page" if pages else "ticket"), name
        assert alarm["OKActions"] == alarm["AlarmActions"]


def test_one_page_stands_for_all_that_callers_notice(watching: Template, prefix: str) -> None:
    (composite,) = watching.of(COMPOSITE).values()
    named = {watching.of(ALARM)[id]["AlarmName"] for id in children(composite)}
    assert named == {prefix + name for name, rule in RULES.items() if rule.route == "callers"}


def test_only_heartbeats_take_missing_data_for_an_outage(watching: Template) -> None:
    for alarm in watching.of(ALARM).values():
        heartbeat = alarm["ComparisonOperator"] == "LessThanThreshold"
        assert alarm["TreatMissingData"] == ("breaching" if heartbeat else "notBreaching")


def test_ratios_divide_by_nothing_and_count_what_is_missing_as_zero(watching: Template) -> None:
    for alarm in Watch(watching.body["Resources"]).alarms.values():
        assert "/" not in alarm.expression, alarm.name
        if len(alarm.metrics) > 1 and alarm.name.split("-")[-1] != "TasksMissing":
            for id in alarm.metrics:
                bare = re.sub(rf"FILL\({id}, 0\)", "", alarm.expression)
                assert not re.search(rf"\b{id}\b", bare), alarm.name


def test_alarms_are_within_what_cloudwatch_takes(watching: Template) -> None:
    for alarm in Watch(watching.body["Resources"]).alarms.values():
        assert len(alarm.metrics) <= 10
        for metric in alarm.metrics.values():
            looked_at_s = metric.period_ms // 1000 * alarm.properties["EvaluationPeriods"]
            assert looked_at_s <= (7 * 86_400 if metric.period_ms >= 3_600_000 else 86_400)
        assert len(alarm.properties["AlarmDescription"]) <= 1024


def test_cloudfronts_alarm_is_made_only_where_its_metric_is(
    dev: Deployment, full: Deployment
) -> None:
    def edge(deployment: Deployment) -> dict[str, Any]:
        template = deployment.templates["observability"].body
        (alarm, _) = [
            r
            for r in template["Resources"].values()
            if r["Type"] == ALARM
            and r["Properties"]["AlarmName"].endswith(("EdgeErrors", "FallbackUsed"))
        ]
        found: dict[str, Any] = {"conditions": template.get("Conditions"), **alarm}
        return found

    anywhere = edge(dev)
    assert anywhere["conditions"][anywhere["Condition"]] == {
        "Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]
    }
    assert "Condition" not in edge(full)


def test_the_dashboard_looks_for_cloudfront_in_us_east_1(watching: Template) -> None:
    lines = [line for line in shown(watching) if line[0] == "AWS/CloudFront"]
    assert lines and all(line[-1]["region"] == "us-east-1" for line in lines)


# -- topics and budget ---------------------------------------------------------------------------


def test_cloudwatch_may_publish_to_both_topics(watching: Template) -> None:
    policies = watching.of("AWS::SNS::TopicPolicy").values()
    assert len(policies) == 2
    for policy in policies:
        allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
        (only,) = allowed
        assert only["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert only["Condition"] == {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        }


def test_a_topic_is_encrypted_by_our_key_or_by_none(dev: Deployment, full: Deployment) -> None:
    """AWS's own key, alias/aws/sns, lets no alarm in."""
    for topic in dev.templates["observability"].of("AWS::SNS::Topic").values():
        assert "KmsMasterKeyId" not in topic
    for topic in full.templates["observability"].of("AWS::SNS::Topic").values():
        assert "Fn::GetStackOutput" in json.dumps(topic["KmsMasterKeyId"])
    (key,) = full.templates["data"].of("AWS::KMS::Key").values()
    services = json.dumps([s["Principal"] for s in key["KeyPolicy"]["Statement"]])
    assert "cloudwatch.amazonaws.com" in services


def test_the_stages_addresses_are_told(full: Deployment) -> None:
    template = full.templates["observability"]
    mails = [s["Endpoint"] for s in template.of("AWS::SNS::Subscription").values()]
    assert mails == ["page@callwright.dev", "ticket@callwright.dev"]
    (budget,) = template.of("AWS::Budgets::Budget").values()
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 500, "Unit": "USD"}
    told = budget["NotificationsWithSubscribers"]
    assert {n["Notification"]["NotificationType"] for n in told} == {"ACTUAL", "FORECASTED"}
    assert all(n["Subscribers"] for n in told)


# -- the runbook -----------------------------------------------------------------------------------


def runbook() -> dict[str, str]:
    """Alarm -> its section of docs/operations.md."""
    section = DOCS.read_text(encoding="utf-8").split("\n## Alarms\n")[1].split("\n## ")[0]
    parts = section.split("\n### ")[1:]
    return {part.split("\n")[0].strip(): part for part in parts}


# Section -> its first rule; the composite and the anomaly alarm have sections, too.
SECTIONS = {rule.heading: rule for rule in reversed(RULES.values())}
HEADINGS = (*SECTIONS, CALLERS_AFFECTED, CALL_VOLUME)


def test_the_runbook_has_every_alarm_and_no_other() -> None:
    assert sorted(runbook()) == sorted(HEADINGS)


@pytest.mark.parametrize("name", HEADINGS)
def test_an_alarms_section_says_who_is_told_where_to_look_and_what_to_do(name: str) -> None:
    text = runbook()[name]
    rule = SECTIONS.get(name)
    told = {"page": "Page.", "callers": f"Pages by [{CALLERS_AFFECTED}]", "ticket": "Ticket."}
    route = rule.route if rule else "page" if name == CALLERS_AFFECTED else "ticket"
    assert told[route] in text
    assert "**Look first**" in text
    assert "**Do**" in text


def test_every_description_leads_to_its_section(watching: Template, prefix: str) -> None:
    for name, alarm in every_alarm(watching).items():
        bare = name.removeprefix(prefix)
        heading = RULES[bare].heading if bare in RULES else bare
        assert alarm["AlarmDescription"].endswith(f"docs/operations.md#{heading.lower()}")
        assert "\nFirst: " in alarm["AlarmDescription"]


def test_every_mail_carries_its_sections_command(
    watching: Template, prefix: str, either: Deployment
) -> None:
    for name, alarm in every_alarm(watching).items():
        bare = name.removeprefix(prefix)
        heading = RULES[bare].heading if bare in RULES else bare
        assert command(heading, either.stacks.stage) in alarm["AlarmDescription"].splitlines()


@pytest.mark.parametrize("name", HEADINGS)
def test_a_section_begins_with_a_command_that_exists(name: str) -> None:
    lines = runbook()[name].split("\n")
    assert lines[1:3] == ["", "```"], "a section begins with its command"
    prod = stage_of("prod", CONTEXT["stages"])
    assert lines[3] == command(name, prod)
    program, *words = shlex.split(lines[3])
    if program == "make":
        target, *variables = words
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target
        for variable in variables:
            assert f"$({variable.partition('=')[0]})" in MAKEFILE, variable
        return
    service, operation, *options = words
    assert program == "aws"
    if (service, operation) == ("logs", "tail"):  # the command line's own, of FilterLogEvents
        assert options[1::2] and set(options[1::2]) <= {"--since", "--format"}
        return
    client = boto3.client(service, region_name="us-east-1")
    method = operation.replace("-", "_")
    assert operation.startswith(("describe-", "list-", "get-")), "it only looks"
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    known = {xform_name(member, "-") for member in shape.input_shape.members} | {"query"}
    assert {word[2:] for word in options if word.startswith("--")} <= known


def test_at_most_ten_alarms_page(watching: Template, prefix: str) -> None:
    pages = [rule.name for rule in RULES.values() if rule.route == "page"]
    assert len(pages) + 1 <= 10, pages
    assert "Ten alarms page" in DOCS.read_text(encoding="utf-8") and len(pages) + 1 == 10


def test_percentiles_of_few_samples_are_passed_over(watching: Template) -> None:
    percentiles = [
        alarm
        for alarm in watching.of(ALARM).values()
        if "ExtendedStatistic" in alarm or str(alarm.get("Statistic", "")).startswith("p")
    ]
    assert percentiles
    for alarm in percentiles:
        assert alarm["EvaluateLowSampleCountPercentile"] == "ignore", alarm["AlarmName"]
        assert alarm["Period"] * alarm["EvaluationPeriods"] >= 900


def test_slow_answers_are_those_of_the_route_that_rings(watching: Template, prefix: str) -> None:
    alarm = watching.one(ALARM, AlarmName=f"{prefix}AnswerSlow")
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "Latency")
    assert (dimensions["Stage"], dimensions["Route"]) == ("$default", "POST /incoming")


def test_each_table_is_missed_by_its_name(watching: Template, prefix: str) -> None:
    missed = {name.rpartition("-")[2] for name in every_alarm(watching) if "ExportMissing" in name}
    assert missed == set(TABLES) == set(INDEXED)


def test_a_small_stage_has_the_alarms_that_matter_and_pays_for_no_more(
    tmp_path: Path,
) -> None:
    small = deployment(
        tmp_path,
        {
            "name": "prod",
            "twilio_account_sid": SID,
            "page": ["+15555550100"],
            "ticket": ["t@callwright.dev"],
            "small": True,
        },
    )
    watching = small.templates["observability"]
    names = {name.removeprefix("callwright-prod-") for name in every_alarm(watching)}
    assert {CALLERS_AFFECTED, "EmergencyUnhandled", "EscalationFailed", "TextsFailing"} <= names
    assert CALL_VOLUME not in names and "AnswerSlow" not in names
    paid = sum(len(alarm.metrics) for alarm in Watch(watching.body["Resources"]).alarms.values())
    assert paid <= 45
    (cluster,) = small.templates["media"].of("AWS::ECS::Cluster").values()
    assert cluster["ClusterSettings"] == [{"Name": "containerInsights", "Value": "disabled"}]
    (stage,) = small.templates["api"].of("AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"]["DetailedMetricsEnabled"] is False
    for function in small.templates["api"].of("AWS::Lambda::Function").values():
        assert "SnapStart" not in function
        assert function["Environment"]["Variables"]["BUSINESS_METRICS"] == "off"
    print("alarm metrics of a small stage:", paid)


def test_saved_queries_ask_for_fields_that_our_lines_have(
    watching: Template, either: Deployment
) -> None:
    groups = {
        group["LogGroupName"]
        for template in either
        for group in template.of("AWS::Logs::LogGroup").values()
    }
    known = {
        "@timestamp", "@log", "call_sid", "level", "message", "latencyMs", "status", "sourceIp",
        "route", "exception", "kind", "why", "fields", "path", "failure", "reason", "tool", "at_ms",
    }  # fmt: skip
    queries = watching.of("AWS::Logs::QueryDefinition").values()
    assert len(queries) == len(QUERIES)
    for query in queries:
        text = re.sub(r"'[^']*'", "", query["QueryString"])
        asked = set(re.findall(r"[@a-zA-Z_]+", text)) - INSIGHTS
        asked -= set(re.findall(r"\bas (\w+)", text))
        assert asked <= known, query["Name"]
        assert set(query["LogGroupNames"]) <= groups
