"""Who may do what with which table: the actions each process's adapters use, and no more."""

from collections.abc import Mapping, Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from infra.config import Stage
from infra.constructs.nag import accept
from shared.published import POINTER, VERSIONS
from shared.schema import AGENT_TURNS, CALLS, CUSTOMERS, INDEXES, JOBS, PAYMENTS

GET, PUT, UPDATE, DELETE = "GetItem", "PutItem", "UpdateItem", "DeleteItem"
QUERY, BATCH, INDEX = "Query", "BatchWriteItem", "Query the index"
CONDITION = "ConditionCheckItem"

OF_BUSINESSES = "business/"  # secrets that business files name: an endpoint's signing key, say

Actions = Mapping[str, Sequence[str]]  # table of shared.schema -> actions

# A transaction needs the actions of its writes. Texts are kept as follow-ups in `jobs`.
USES: Mapping[str, Actions] = {
    "incoming": {
        CALLS: (GET, PUT, UPDATE, INDEX),  # by whom an emergency was taken
        AGENT_TURNS: (QUERY,),
        # A text may move a visit, and a "1" finds the newest open emergency.
        JOBS: (GET, PUT, UPDATE, DELETE, QUERY, CONDITION, INDEX),
    },
    "stripe_webhook": {
        CALLS: (GET, PUT, UPDATE),  # who asks to be called back, and the event of it
        AGENT_TURNS: (QUERY,),
        # The customer's page moves a visit, or calls it off.
        JOBS: (GET, PUT, UPDATE, DELETE, QUERY, CONDITION, INDEX),
        PAYMENTS: (GET, PUT),
    },
    "office": {
        CALLS: (GET, PUT, UPDATE, DELETE, QUERY, INDEX),  # its devices, and who answers
        AGENT_TURNS: (QUERY,),
        JOBS: (GET, PUT, UPDATE, DELETE, QUERY, CONDITION, INDEX),
        PAYMENTS: (INDEX,),
    },
    "follow_up": {
        CALLS: (GET, PUT, UPDATE),  # of a recording: may it stay? Who left one at the fallback
        AGENT_TURNS: (QUERY,),  # whom a caller in danger spoke of
        JOBS: (GET, PUT, UPDATE, DELETE, QUERY, INDEX),
    },
    "deliver": {
        CALLS: (GET, DELETE, INDEX),
        AGENT_TURNS: (QUERY,),
        JOBS: (GET, PUT, UPDATE, DELETE, INDEX),
        PAYMENTS: (DELETE, INDEX),
    },
    "synthetic_call": {},
    "media_bridge": {
        CALLS: (GET, PUT, UPDATE),
        AGENT_TURNS: (BATCH, QUERY),  # what a caller spoke of, for whoever is asked to help
        CUSTOMERS: (GET, UPDATE),  # whether the caller is known: of some no deposit is taken
        JOBS: (GET, PUT, UPDATE, DELETE, QUERY, CONDITION),
    },
}

# What an encrypted table or topic asks of whoever uses it; spelled out, so that no star is needed.
KEY_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")


def allow_tables(
    role: iam.Role,
    uses: Actions,
    tables: Mapping[str, dynamodb.TableV2],
    key: kms.IKey | None = None,
) -> None:
    """Let `role` do what `uses` says, and nothing else, with `tables`."""
    for table, actions in uses.items():
        own = [f"dynamodb:{action}" for action in actions if action != INDEX]
        if own:  # else the index alone is asked
            _allow(role, own, tables[table].table_arn)
        if INDEX in actions:
            _allow(role, ["dynamodb:Query"], f"{tables[table].table_arn}/index/{INDEXES[table]}")
    if key is not None:
        _allow(role, KEY_USE, key.key_arn)


def allow_secrets(role: iam.Role, stage: Stage, names: Sequence[str]) -> None:
    """Let `role` read secrets by name. Secrets Manager puts six characters behind it."""
    stack = Stack.of(role)
    for name in names:
        arn = stack.format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=f"{stage.secret(name)}-??????",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        _allow(role, ["secretsmanager:GetSecretValue"], arn)


def allow_business_secrets(role: iam.Role, stage: Stage) -> None:
    """Let `role` read whatever secret a business's file may name."""
    arn = Stack.of(role).format_arn(
        service="secretsmanager",
        resource="secret",
        resource_name=f"{stage.secret(OF_BUSINESSES)}*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    _allow(role, ["secretsmanager:GetSecretValue"], arn)
    where = f"{stage.region or '<AWS::Region>'}:{stage.account or '<AWS::AccountId>'}"
    partition = "aws" if stage.region else "<AWS::Partition>"  # as nag writes what is not known
    found = f"arn:{partition}:secretsmanager:{where}:secret:{stage.secret(OF_BUSINESSES)}*"
    reason = "a business's file names its secrets, and changes without a deployment"
    accept(role, {f"AwsSolutions-IAM5[Resource::{found}]": reason})


def allow_business_files(role: iam.Role, stage: Stage) -> None:
    """Let `role` read what is published, and hear of a missing object that it is missing."""
    stack = Stack.of(role)
    arn = f"arn:{stack.partition}:s3:::{stage.business_store(stack.account)}"
    _allow(role, ["s3:GetObject"], f"{arn}/{POINTER}")
    _allow(role, ["s3:GetObject"], f"{arn}/{VERSIONS}*")
    _allow(role, ["s3:ListBucket"], arn)  # without it S3 answers 403 for what is not there
    account = stage.account or "<AWS::AccountId>"
    partition = "aws" if stage.region else "<AWS::Partition>"  # as nag writes what is not known
    found = f"arn:{partition}:s3:::{stage.business_store(account)}/{VERSIONS}*"
    reason = "a version is named by its text, which nobody can foretell"
    accept(role, {f"AwsSolutions-IAM5[Resource::{found}]": reason})


def allow_events(role: iam.Role, bus_arn: str) -> None:
    """Let `role` put events on one bus."""
    _allow(role, ["events:PutEvents"], bus_arn)


def allow_mail(role: iam.Role, stage: Stage) -> None:
    """Let `role` send mail as the stage's own address: its identity, or its domain's, alone."""
    if stage.mail_from is None:
        return
    stack = Stack.of(role)
    for identity in (stage.mail_from, stage.mail_from.partition("@")[2]):
        arn = stack.format_arn(service="ses", resource="identity", resource_name=identity)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail", "ses:SendRawEmail"],  # raw: an invitation
                resources=[arn],
                conditions={"StringEquals": {"ses:FromAddress": stage.mail_from}},
            )
        )


def mail_sender(stage: Stage) -> dict[str, str]:
    """The environment that names that address; nothing where the stage sends no mail."""
    return {"MAIL_FROM": stage.mail_from} if stage.mail_from else {}


def secret_names(stage: Stage, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment that names secrets: variable -> name in Secrets Manager.

    The name and not a partial ARN: one that ends in a hyphen and six characters, as
    `stripe-webhook-secret` does, would be read as a whole ARN.
    """
    return {f"{variable}_SECRET_ARN": stage.secret(name) for variable, name in variables.items()}


def _allow(role: iam.Role, actions: Sequence[str], resource: str) -> None:
    role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=[resource]))
