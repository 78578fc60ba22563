"""The AWS account: who we are, what stands, what is filled, and what it lets us have."""

import math
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.ops.checks.finding import Findings, blocked, later, ok, unseen
from infra.ops.entries import ENTRIES, WEBHOOK, BadValue, check, of_businesses
from infra.ops.stage import Aws, Unready, reason
from infra.ops.vault import Vault
from shared.domain.business import Business

# Service quotas by their code: Fargate On-Demand vCPU resource count.
FARGATE_VCPU = ("fargate", "L-3032A538")
ELASTIC_IPS = ("ec2", "L-0263D0A3")  # EC2-VPC Elastic IPs
NATS = 2  # one in each zone
NO_IDENTITY = frozenset({"NotFoundException", "BadRequestException"})
BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"  # written by `cdk bootstrap`


def account(aws: Aws) -> Findings:
    """Nothing else in here can be asked where this is not ok."""
    if aws.session.region_name is None:
        yield blocked("AWS region", f"none: set `region` of stage {aws.stage.name} in cdk.json")
        return
    try:
        found = aws.client("sts").get_caller_identity()["Account"]
    except (ClientError, BotoCoreError) as exc:
        yield blocked("AWS credentials", f"{reason(exc)}; run `aws configure` or `aws sso login`")
        return
    if aws.stage.account not in (None, found):
        yield blocked("AWS account", f"{found}, and cdk.json says {aws.stage.account}")
        return
    yield ok("AWS", f"account {found}, {aws.session.region_name}")


def bootstrapped(aws: Aws) -> Findings:
    try:
        version = aws.client("ssm").get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"]
    except ClientError as exc:
        if exc.response["Error"]["Code"] != "ParameterNotFound":
            yield unseen("CDK bootstrap", reason(exc))
            return
        yield blocked("CDK bootstrap", f"npx cdk bootstrap aws://ACCOUNT/{aws.session.region_name}")
        return
    yield ok("CDK bootstrap", f"version {version}")


def secrets(aws: Aws) -> Findings:
    """Filled, and of the stage's kind. A task without one does not start, and a first deployment
    of the bridge is rolled back for it."""
    vault = Vault(aws.client("secretsmanager"), aws.stage)
    for entry in ENTRIES:
        what = aws.stage.secret(entry.name)
        try:
            value = vault.read(entry.name).current
        except (Unready, ClientError) as exc:
            told = reason(exc) if isinstance(exc, ClientError) else str(exc)
            yield blocked(what, told)
            continue
        if value is None:
            # The functions start without it, and no event comes before `make connect`.
            todo = f"empty: make secrets STAGE={aws.stage.name}"
            yield (
                later(what, "empty: make connect fills it")
                if entry is WEBHOOK
                else blocked(what, todo)
            )
            continue
        try:
            check(entry, value, aws.stage)
        except BadValue as exc:
            yield blocked(what, str(exc).removesuffix("; nothing was stored"))
            continue
        yield ok(what)


def secrets_of_businesses(aws: Aws, businesses: Iterable[Business]) -> Findings:
    """Those that business files name. Calls are answered without them; what they are for waits."""
    try:
        entries = of_businesses(businesses)
    except BadValue as exc:
        yield blocked("secrets of the business files", str(exc))
        return
    vault = Vault(aws.client("secretsmanager"), aws.stage)
    for entry in entries:
        what = f"{aws.stage.secret(entry.name)} ({', '.join(entry.of_businesses)})"
        try:
            value = vault.read(entry.name).current
            if value is None:
                yield later(what, f"empty: make secrets STAGE={aws.stage.name}")
                continue
            check(entry, value, aws.stage)
        except (Unready, ClientError, BadValue) as exc:
            told = reason(exc) if isinstance(exc, ClientError) else str(exc)
            yield later(what, told.removesuffix("; nothing was stored"))
            continue
        yield ok(what)


def quotas(aws: Aws) -> Findings:
    """Fargate's processors. A new account may have fewer than AWS's documented default."""
    bridge = aws.stage.bridge
    # A deployment runs the new tasks beside the old ones.
    needed = math.ceil(2 * bridge.max_tasks * bridge.cpu / 1024)
    service, code = FARGATE_VCPU
    what = f"Fargate: {needed} vCPU in a deployment at {bridge.max_tasks} tasks"
    try:
        quota = aws.client("service-quotas").get_service_quota(ServiceCode=service, QuotaCode=code)
        allowed = quota["Quota"]["Value"]
    except (ClientError, BotoCoreError) as exc:
        yield unseen(what, f"{reason(exc)}; Service Quotas, {code}, has to be {needed} or more")
        return
    if allowed < needed:
        yield blocked(what, f"the quota is {allowed:g}: ask for more at Service Quotas, {code}")
    else:
        yield ok(what, f"of {allowed:g}")


def addresses(aws: Aws) -> Findings:
    """Elastic addresses, of which a NAT in each zone takes one."""
    if aws.stage.egress != "nat":
        return
    service, code = ELASTIC_IPS
    what = f"EC2: {NATS} elastic addresses for the NATs"
    try:
        quota = aws.client("service-quotas").get_service_quota(ServiceCode=service, QuotaCode=code)
        allowed = quota["Quota"]["Value"]
        taken = aws.client("ec2").describe_addresses()["Addresses"]
    except (ClientError, BotoCoreError) as exc:
        yield unseen(what, f"{reason(exc)}; Service Quotas, {code}")
        return
    ours = [each for each in taken if _is_ours(each, aws.stage.name)]
    free = allowed - len(taken) + len(ours)
    if free < NATS:
        yield blocked(
            what, f"{free:g} of {allowed:g} are free: ask for more, Service Quotas {code}"
        )
    else:
        yield ok(what, f"{free:g} of {allowed:g}")


def _is_ours(address: dict[str, Any], stage: str) -> bool:
    tags = {tag["Key"]: tag["Value"] for tag in address.get("Tags", [])}
    return tags.get("project") == "callwright" and tags.get("stage") == stage


def mails_can_be_sent(aws: Aws, businesses: Iterable[Business]) -> Findings:
    """Who takes no texts is told by mail: by an identity that SES knows, to one that it takes."""
    silent = [each for each in businesses if not each.sends_texts]
    sender = aws.stage.mail_from
    if not silent:
        return
    if sender is None:
        names = ", ".join(each.id for each in silent)
        yield blocked("SES", f"mail_from is missing: texts are off for {names}")
        return
    client, what = aws.client("sesv2"), f"SES: {masked(sender)}"
    try:
        if not _is_verified(client, sender):
            yield blocked(what, "not verified: SES, Identities, in the stage's region")
            return
        yield ok(what, "verified")
        yield from _is_taken(client, silent)
    except (ClientError, BotoCoreError) as exc:
        yield unseen(what, f"{reason(exc)}; console: SES, Identities and Account dashboard")


def _is_verified(client: Any, address: str) -> bool:
    """The address itself, or its domain."""
    for identity in (address, address.partition("@")[2]):
        try:
            if client.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"]:
                return True
        except ClientError as exc:
            if exc.response["Error"]["Code"] not in NO_IDENTITY:
                raise
    return False


def _is_taken(client: Any, silent: Iterable[Business]) -> Findings:
    """In its sandbox SES delivers to verified addresses alone, and a shop may have just those."""
    what = "SES: mail to the office and on-call"
    if client.get_account().get("ProductionAccessEnabled"):
        yield ok(what)
        return
    wanted = {mail for each in silent for mail in (each.office_email, each.on_call_email) if mail}
    strange = sorted(masked(mail) for mail in wanted if not _is_verified(client, mail))
    if strange:
        told = ", ".join(strange)
        yield blocked(
            what, f"the account is in SES's sandbox: request production access, or verify {told}"
        )
    else:
        yield ok(what, "in SES's sandbox, and all of them are verified")


def alarms_are_heard(aws: Aws) -> Findings:
    """An address that was not confirmed hears no alarm."""
    stage = aws.stage
    try:
        topics = {
            topic["TopicArn"].rpartition(":")[2]: topic["TopicArn"]
            for page in aws.client("sns").get_paginator("list_topics").paginate()
            for topic in page["Topics"]
        }
        for name, targets in (("page", stage.page), ("ticket", stage.ticket)):
            topic = topics.get(f"{stage.prefix}{name}")
            if topic is None:
                if targets:
                    yield unseen(f"alarms: {name}", "deployed first, then confirmed")
                continue
            yield from _subscriptions(aws, name, topic, targets)
    except (ClientError, BotoCoreError) as exc:
        yield unseen("alarms: who has confirmed", reason(exc))


def _subscriptions(aws: Aws, name: str, topic: str, targets: tuple[str, ...]) -> Findings:
    found: dict[str, Any] = {
        each["Endpoint"]: each["SubscriptionArn"]
        for page in aws.client("sns")
        .get_paginator("list_subscriptions_by_topic")
        .paginate(TopicArn=topic)
        for each in page["Subscriptions"]
    }
    for target in targets:
        what = f"alarms: {name}, {masked(target)}"
        if found.get(target, "").startswith("arn:"):
            yield ok(what, "confirmed")
        elif target in found:
            yield later(what, "not confirmed: follow the link in SNS's mail, or hear no alarm")
        else:
            yield later(what, f"not subscribed: make deploy STAGE={aws.stage.name}")


def masked(target: str) -> str:
    """Enough to know whose it is."""
    if target.startswith("https://"):
        return target.split("/")[2]
    name, at, domain = target.partition("@")
    return f"{name[:2]}…@{domain}" if at else f"…{target[-4:]}"
