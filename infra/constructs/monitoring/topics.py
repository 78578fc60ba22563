"""Where alarms go: a topic that wakes somebody, and one that makes a ticket."""

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import Stage


class Topics(Construct):
    """`page` and `ticket`, with the stage's addresses subscribed.

    Without a key of our own they are not encrypted at rest: AWS's managed key does not let
    CloudWatch in, and an alarm would go off unheard. What they carry names no caller.
    """

    def __init__(self, scope: Construct, id: str, stage: Stage, key: kms.IKey | None) -> None:
        super().__init__(scope, id)
        self._stage, self._key = stage, key
        self.page = self._topic("Page", stage.page)
        self.ticket = self._topic("Ticket", stage.ticket)

    def _topic(self, name: str, addresses: Sequence[str]) -> sns.Topic:
        topic = sns.Topic(
            self,
            name,
            topic_name=f"{self._stage.prefix}{name.lower()}",
            display_name=f"Callwright {self._stage.name} {name.lower()}",
            master_key=self._key,
            enforce_ssl=True,
        )
        # The first statement replaces the policy a topic is born with, so alarms must be named.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        for address in addresses:
            topic.add_subscription(_subscription(address))
        return topic


def _subscription(target: str) -> sns.ITopicSubscription:
    """An endpoint answers SNS's confirmation itself; a mail has to be confirmed by hand."""
    if target.startswith("https://"):
        return subscriptions.UrlSubscription(target)
    if target.startswith("+"):
        return subscriptions.SmsSubscription(target)
    return subscriptions.EmailSubscription(target)
