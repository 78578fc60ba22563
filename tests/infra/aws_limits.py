"""What AWS refuses only at deployment: its own limits, walked over every resource of a template.

`broken(templates)` says each breach as a sentence. Neither CDK, cdk-nag nor cfn-lint see these, nor
does an emulator. Each rule names where its number comes from; values that CloudFormation only
knows at deployment are counted as long as they can become.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Properties = dict[str, Any]
Templates = Mapping[str, Mapping[str, Any]]  # stack name -> template

ACCOUNT_LENGTH, REGION_LENGTH, ID_LENGTH = 12, 14, 40
# EC2, API_IpRange: what a security group's and a rule's description may hold.
_GROUP_TEXT = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
# A managed prefix list counts by its entries; CloudFront's as 55 (VPC user guide, "AWS-managed
# prefix lists"), and a group may hold 60 rules a direction (VPC quotas).
CLOUDFRONT_WEIGHT, MOST_RULES = 55, 60

# Type -> property -> the pattern its value has to match, from each service's API reference.
_NAMES: dict[str, dict[str, str]] = {
    "AWS::IAM::Role": {"RoleName": r"[\w+=,.@-]{1,64}"},
    "AWS::IAM::Policy": {"PolicyName": r"[\w+=,.@-]{1,128}"},
    "AWS::IAM::ManagedPolicy": {"ManagedPolicyName": r"[\w+=,.@-]{1,128}"},
    "AWS::Lambda::Function": {
        "FunctionName": r"[a-zA-Z0-9-_]{1,64}", "Description": r".{0,256}", "Handler": r"\S{1,128}",
    },
    "AWS::Lambda::Alias": {"Name": r"(?!\d+$)[a-zA-Z0-9-_]{1,128}", "Description": r".{0,256}"},
    "AWS::EC2::SecurityGroup": {
        "GroupName": r"(?!sg-)[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}",
        "GroupDescription": _GROUP_TEXT.pattern,
    },
    "AWS::EC2::SecurityGroupIngress": {"Description": _GROUP_TEXT.pattern},
    "AWS::EC2::SecurityGroupEgress": {"Description": _GROUP_TEXT.pattern},
    "AWS::CloudWatch::Alarm": {"AlarmName": r".{1,255}", "AlarmDescription": r"[\s\S]{0,1024}"},
    "AWS::CloudWatch::CompositeAlarm": {
        "AlarmName": r".{1,255}", "AlarmDescription": r"[\s\S]{0,1024}",
        "AlarmRule": r"[\s\S]{1,10240}",
    },
    "AWS::CloudWatch::Dashboard": {"DashboardName": r"[a-zA-Z0-9_-]{1,255}"},
    "AWS::Logs::LogGroup": {"LogGroupName": r"[a-zA-Z0-9_\-/.#]{1,512}"},
    "AWS::Logs::QueryDefinition": {"Name": r"[^:*@]{1,255}", "QueryString": r"[\s\S]{1,10000}"},
    "AWS::Scheduler::Schedule": {"Name": r"[0-9a-zA-Z\-_.]{1,64}"},
    "AWS::Events::Rule": {"Name": r"[.\-_A-Za-z0-9]{1,64}", "Description": r".{0,512}"},
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "Name": r"(?!internal-)(?!-)[a-zA-Z0-9-]{1,32}(?<!-)",
    },
    "AWS::ElasticLoadBalancingV2::TargetGroup": {"Name": r"(?!-)[a-zA-Z0-9-]{1,32}(?<!-)"},
    "AWS::ECS::Cluster": {"ClusterName": r"[a-zA-Z0-9-_]{1,255}"},
    "AWS::ECS::Service": {"ServiceName": r"[a-zA-Z0-9-_]{1,255}"},
    "AWS::ECS::TaskDefinition": {"Family": r"[a-zA-Z0-9-_]{1,255}"},
    "AWS::CloudFront::Function": {"Name": r"[a-zA-Z0-9-_]{1,64}"},
    "AWS::SNS::Topic": {"TopicName": r"[a-zA-Z0-9_-]{1,256}", "DisplayName": r".{0,100}"},
    "AWS::SQS::Queue": {"QueueName": r"[a-zA-Z0-9_-]{1,80}"},
    "AWS::S3::Bucket": {"BucketName": r"(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"},
    "AWS::SSM::Parameter": {"Name": r"/?[a-zA-Z0-9_.\-/]{1,1010}", "Description": r".{0,1024}"},
    "AWS::ApiGatewayV2::Api": {"Name": r".{1,128}", "Description": r".{0,1024}"},
    "AWS::DynamoDB::GlobalTable": {"TableName": r"[a-zA-Z0-9_.-]{3,255}"},
    "AWS::Glue::Database": {}, "AWS::Glue::Table": {},
    "AWS::Athena::WorkGroup": {"Name": r"[a-zA-Z0-9._-]{1,128}"},
    "AWS::KMS::Key": {"Description": r".{0,8192}"},
    "AWS::KMS::Alias": {"AliasName": r"alias/(?!aws/)[a-zA-Z0-9/_-]{1,250}"},
    "AWS::WAFv2::WebACL": {"Name": r"[\w\-]{1,128}"},
    "AWS::Budgets::Budget": {},
}  # fmt: skip


def broken(templates: Templates) -> list[str]:
    """Every limit of AWS's that a stage's templates breach, as `stack/resource: what`."""
    found = []
    for stack, template in templates.items():
        found += [f"{stack}: {what}" for what in _of_template(stack, template)]
        for id, resource in template["Resources"].items():
            kind, properties = resource["Type"], resource.get("Properties", {})
            for what in (*_names(kind, properties), *_of(kind, properties)):
                found.append(f"{stack}/{id}: {what}")
        found += [f"{stack}/{what}" for what in _role_policies(template["Resources"])]
    return found + list(_references(templates))


def _names(kind: str, properties: Properties) -> Iterator[str]:
    for name, pattern in _NAMES.get(kind, {}).items():
        if name not in properties:
            continue
        text = resolved(properties[name])
        if not re.fullmatch(pattern, text):
            yield f"{name} {text[:60]!r} ({len(text)} characters) is not what {kind} takes"


# -- each kind ----------------------------------------------------------------------------------


def _groups(resources: Mapping[str, Any]) -> Iterator[str]:
    """Every security group with its rules, whether they stand in it or apart."""
    for id, resource in resources.items():
        if resource["Type"] != "AWS::EC2::SecurityGroup":
            continue
        for direction in ("Ingress", "Egress"):
            rules = rules_of(id, resources, direction)
            weight = sum(CLOUDFRONT_WEIGHT if "SourcePrefixListId" in r else 1 for r in rules)
            if weight > MOST_RULES:
                yield f"{id}: {direction} weighs {weight} rules of {MOST_RULES}"
            for rule in rules:
                text = resolved(rule.get("Description", ""))
                if not _GROUP_TEXT.fullmatch(text):
                    yield f"{id}: rule description {text!r} has a character that EC2 refuses"
                one_port = rule.get("FromPort") == rule.get("ToPort")
                if "SourcePrefixListId" in rule and not one_port:
                    yield f"{id}: a prefix list for more than one port"


def rules_of(group: str, resources: Mapping[str, Any], direction: str) -> list[Properties]:
    """The rules of the security group of this logical id."""
    inside = resources[group].get("Properties", {}).get(f"SecurityGroup{direction}", [])
    apart = [
        r["Properties"]
        for r in resources.values()
        if r["Type"] == f"AWS::EC2::SecurityGroup{direction}"
        and r["Properties"]["GroupId"] == {"Fn::GetAtt": [group, "GroupId"]}
    ]
    return [*inside, *apart]


def _vpc_origins(resources: Mapping[str, Any]) -> Iterator[str]:
    """Traffic through a VPC origin comes from CloudFront's addresses, never from the VPC's."""
    kinds = {resource["Type"] for resource in resources.values()}
    if "AWS::CloudFront::VpcOrigin" not in kinds:
        return
    for id, balancer in resources.items():
        if not balancer["Type"].endswith("V2::LoadBalancer"):
            continue
        for group in balancer["Properties"]["SecurityGroups"]:
            rules = rules_of(group["Fn::GetAtt"][0], resources, "Ingress")
            if not any("SourcePrefixListId" in rule for rule in rules):
                yield f"{id} admits no prefix list: CloudFront does not get through (504)"
            if any("CidrIp" in rule for rule in rules):
                yield f"{id} admits addresses that CloudFront does not come from"


def _alarm(properties: Properties) -> Iterator[str]:
    # PutMetricAlarm: ten metrics in one; EvaluationPeriods * Period at most a day, or a week where
    # the period is an hour or longer.
    metrics = [m["MetricStat"] for m in properties.get("Metrics", []) if "MetricStat" in m]
    if len(metrics) > 10:
        yield f"{len(metrics)} metrics of 10"
    periods = [metric["Period"] for metric in metrics]
    period = properties.get("Period") or max(periods, default=60)
    span = period * properties["EvaluationPeriods"]
    if span > (604_800 if period >= 3600 else 86_400):
        yield f"looks at {span} s, longer than an alarm may"
    if properties.get("DatapointsToAlarm", 1) > properties["EvaluationPeriods"]:
        yield "more datapoints than periods"
    if not (period in (10, 20, 30) or period % 60 == 0):
        yield f"a period of {period} s"
    for actions in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        if len(properties.get(actions, [])) > 5:
            yield f"more than 5 {actions}"


def _composite(properties: Properties) -> Iterator[str]:
    children = resolved(properties["AlarmRule"]).count("ALARM(")
    if children > 100:  # PutCompositeAlarm
        yield f"{children} alarms of 100"


def _dashboard(properties: Properties) -> Iterator[str]:
    # 500 widgets, 500 metrics a widget, 2,500 in all (CloudWatch quotas).
    body = json.loads(resolved(properties["DashboardBody"]))
    counts = [len(w.get("properties", {}).get("metrics", [])) for w in body["widgets"]]
    if len(counts) > 500 or max(counts, default=0) > 500 or sum(counts) > 2500:
        yield f"{len(counts)} widgets with {sum(counts)} metrics"


def _function(properties: Properties) -> Iterator[str]:
    size = len(json.dumps(_plain(properties.get("Environment", {}).get("Variables", {}))))
    if size > 4096:  # Lambda quotas
        yield f"environment of {size} bytes of 4,096"
    if (
        not 1 <= properties.get("Timeout", 3) <= 900
        or not 128 <= properties.get("MemorySize", 128) <= 10240
    ):
        yield "timeout or memory outside Lambda's"


def _edge_function(properties: Properties) -> Iterator[str]:
    size = len(resolved(properties["FunctionCode"]).encode())
    if size > 10_240:  # CloudFront quotas
        yield f"code of {size} bytes of 10,240"
    if len(properties["FunctionConfig"].get("Comment", "")) > 128:
        yield "comment longer than 128 characters"


def _distribution(properties: Properties) -> Iterator[str]:
    config = properties["DistributionConfig"]
    if len(resolved(config.get("Comment", ""))) > 128:
        yield "comment longer than 128 characters"
    for origin in config["Origins"]:
        if not 1 <= len(resolved(origin["Id"])) <= 128:
            yield "an origin's id longer than 128 characters"


def _vpc_origin_name(properties: Properties) -> Iterator[str]:
    name = properties["VpcOriginEndpointConfig"]["Name"]
    if not 1 <= len(resolved(name)) <= 64:
        yield "a name longer than 64 characters"


def _task(properties: Properties) -> Iterator[str]:
    sizes = {256: range(512, 2049), 512: range(1024, 4097), 1024: range(2048, 8193),
             2048: range(4096, 16385), 4096: range(8192, 30721)}  # fmt: skip
    cpu, memory = int(properties["Cpu"]), int(properties["Memory"])
    if memory not in sizes[cpu]:
        yield f"Fargate has no {cpu} CPU with {memory} MiB"
    for container in properties["ContainerDefinitions"]:
        if container.get("StopTimeout", 30) > 120:
            yield "StopTimeout above Fargate's 120 s"


def _target_group(properties: Properties) -> Iterator[str]:
    given = {a["Key"]: a["Value"] for a in properties.get("TargetGroupAttributes", [])}
    if int(given.get("deregistration_delay.timeout_seconds", 300)) > 3600:
        yield "deregistration delay above 3600 s"


def _balancer(properties: Properties) -> Iterator[str]:
    given = {a["Key"]: a["Value"] for a in properties.get("LoadBalancerAttributes", [])}
    if int(given.get("idle_timeout.timeout_seconds", 60)) > 4000:
        yield "idle timeout above 4000 s"
    if given.get("deletion_protection.enabled") == "true":
        yield "deletion protection: a failed first deployment could not be rolled back"


def _table(properties: Properties) -> Iterator[str]:
    caps = "WriteOnDemandThroughputSettings"
    for index in properties.get("GlobalSecondaryIndexes", []):
        # DynamoDB: a table whose index has no cap of its own is as open as the index.
        if caps in properties and caps not in index:
            yield f"index {index['IndexName']} without the cap of its table"
    for replica in properties["Replicas"]:
        if replica.get("DeletionProtectionEnabled"):
            yield "deletion protection: a failed first deployment could not be rolled back"


def _role(properties: Properties) -> Iterator[str]:
    document = json.dumps(_plain(properties["AssumeRolePolicyDocument"]))
    if len(document) > 2048:  # IAM quotas: role trust policy
        yield f"a trust policy of {len(document)} characters of 2,048"
    for statement in properties["AssumeRolePolicyDocument"]["Statement"]:
        for service in _listed(statement["Principal"].get("Service", [])):
            if not re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com", resolved(service)):
                yield f"a trust in {service!r}, which is no service"


def _managed(properties: Properties) -> Iterator[str]:
    size = len(json.dumps(_plain(properties["PolicyDocument"]), separators=(",", ":")))
    if size > 6144:
        yield f"a policy of {size} characters of 6,144"


def _subscription(properties: Properties) -> Iterator[str]:
    endpoint, protocol = resolved(properties["Endpoint"]), properties["Protocol"]
    good = {"email": "@", "https": "https://", "sms": "+"}
    if good.get(protocol, "") not in endpoint:
        yield f"{protocol} to {endpoint!r}"


def _schedule(properties: Properties) -> Iterator[str]:
    if not re.fullmatch(r"(rate\(\d+ (minutes?|hours?|days?)\)|cron\(.+\)|at\(.+\))",
                        resolved(properties["ScheduleExpression"])):  # fmt: skip
        yield "a schedule expression that the scheduler does not read"


def _log_group(properties: Properties) -> Iterator[str]:
    if properties.get("RetentionInDays") not in (
        1,
        3,
        5,
        7,
        14,
        30,
        60,
        90,
        120,
        150,
        180,
        365,
        400,
        545,
        731,
    ):
        yield f"a retention of {properties.get('RetentionInDays')} days"


def _view(properties: Properties) -> Iterator[str]:
    table = properties["TableInput"]
    if not re.fullmatch(r"[a-z0-9_]{1,255}", resolved(table["Name"])):
        yield "a name that Athena does not read"
    if len(resolved(table.get("ViewOriginalText", ""))) > 409_600:  # Glue API: ViewTextString
        yield "a view longer than 409,600 characters"
    for column in table["StorageDescriptor"]["Columns"]:
        if len(column.get("Comment", "")) > 255 or len(column.get("Type", "")) > 131_072:
            yield f"column {column['Name']}: comment or type too long"


_KINDS: dict[str, Callable[[Properties], Iterable[str]]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _composite,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::Lambda::Function": _function,
    "AWS::CloudFront::Function": _edge_function,
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::CloudFront::VpcOrigin": _vpc_origin_name,
    "AWS::ECS::TaskDefinition": _task,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _balancer,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::IAM::Role": _role,
    "AWS::IAM::ManagedPolicy": _managed,
    "AWS::SNS::Subscription": _subscription,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::Glue::Table": _view,
}


def _of(kind: str, properties: Properties) -> Iterable[str]:
    return _KINDS[kind](properties) if kind in _KINDS else ()


# -- a whole template ---------------------------------------------------------------------------


def _of_template(stack: str, template: Mapping[str, Any]) -> Iterator[str]:
    resources = template["Resources"]
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", stack):
        yield "no name for a stack"
    if len(json.dumps(template)) > 1_000_000 or len(resources) > 500:  # CloudFormation quotas
        yield "a template larger than 1 MB, or of more than 500 resources"
    for part in ("Parameters", "Outputs", "Mappings"):
        if len(template.get(part, {})) > 200:
            yield f"more than 200 {part}"
    routes = [r for r in resources.values() if r["Type"] == "AWS::ApiGatewayV2::Route"]
    if len(routes) > 300:
        yield f"{len(routes)} routes of 300"
    keys = [r["Properties"]["RouteKey"] for r in routes]
    if len(set(keys)) != len(keys):
        yield "a route twice"
    known = set(keys)
    for stage in (r for r in resources.values() if r["Type"] == "AWS::ApiGatewayV2::Stage"):
        for key in stage["Properties"].get("RouteSettings", {}):
            if key not in known:
                yield f"settings for {key}, which is no route: the stage is refused"
    vended = [
        resolved(r["Properties"].get("LogGroupName", ""))
        for r in resources.values()
        if r["Type"] == "AWS::Logs::LogGroup"
    ]
    if len(set(vended)) != len(vended):
        yield "a log group twice"
    yield from _groups(resources)
    yield from _vpc_origins(resources)
    for id, resource in resources.items():
        if resource.get("DeletionPolicy") != "Retain":
            continue
        if _is_named(resource.get("Properties", {})):
            yield f"{id}: kept by its name after a failed first deployment, which blocks the second"
        elif resource["Type"] in _PAID:
            yield f"{id}: left behind, and paid for, by each first deployment that fails"


_PAID = frozenset({"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::DynamoDB::GlobalTable"})


def _is_named(properties: Properties) -> bool:
    return bool({"TableName", "BucketName", "QueueName", "FunctionName"} & properties.keys())


def _role_policies(resources: Mapping[str, Any]) -> Iterator[str]:
    """All inline policies of one role together: 10,240 characters (IAM quotas)."""
    sizes: dict[str, int] = {}
    for id, resource in resources.items():
        if resource["Type"] == "AWS::IAM::Policy":
            size = len(json.dumps(_plain(resource["Properties"]["PolicyDocument"])))
            for role in resource["Properties"].get("Roles", []):
                sizes[role.get("Ref", id)] = sizes.get(role.get("Ref", id), 0) + size
        elif resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", []):
                size = len(json.dumps(_plain(policy["PolicyDocument"])))
                sizes[id] = sizes.get(id, 0) + size
    for role, size in sizes.items():
        if size > 10_240:
            yield f"{role}: inline policies of {size} characters of 10,240"


def _references(templates: Templates) -> Iterator[str]:
    """A strong reference forbids to change what it is of; a weak one needs its output there."""
    outputs = {stack: set(t.get("Outputs", {})) for stack, t in templates.items()}
    order = list(templates)
    for stack, template in templates.items():
        for name, output in template.get("Outputs", {}).items():
            if "Export" in output:
                yield f"{stack}/{name}: an export, which cannot change while another stack reads it"
        for given in _all(template, "Fn::GetStackOutput"):
            of, output = resolved(given["StackName"]), given["OutputName"]
            if output not in outputs.get(of, set()):
                yield f"{stack}: reads {output} of {of}, which has none"
            elif order.index(of) >= order.index(stack):
                yield f"{stack}: reads an output of {of}, which is deployed later"


# -- values -------------------------------------------------------------------------------------


def resolved(value: Any) -> str:
    """A value as text, with what only a deployment knows as long as it can become."""
    match value:
        case str():
            return value
        case bool() | int() | float():
            return str(value)
        case {"Fn::Join": [glue, parts]}:
            return str(glue).join(resolved(part) for part in parts)
        case {"Fn::Sub": str(text)}:
            return text
        case {"Ref": "AWS::AccountId"}:
            return "1" * ACCOUNT_LENGTH
        case {"Ref": "AWS::Region"}:
            return "a" * REGION_LENGTH
        case {"Ref": "AWS::Partition"}:
            return "aws"
        case {"Ref": "AWS::URLSuffix"}:
            return "amazonaws.com"
    return "x" * ID_LENGTH


def _plain(value: Any) -> Any:
    """The same with every intrinsic function resolved: what IAM and Lambda count."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")):
            return resolved(value)
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _all(value: Any, function: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if function in value:
            yield value[function]
        for item in value.values():
            yield from _all(item, function)
    elif isinstance(value, list):
        for item in value:
            yield from _all(item, function)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
