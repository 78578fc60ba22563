"""The calls' audio: network, edge, the bridge's tasks, and the fallback that needs none of them."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, Fn, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.config import Stage
from infra.constructs import grants
from infra.constructs.compute.bridge_service import BridgeService
from infra.constructs.nag import accept
from infra.constructs.network.edge import BRIDGE_PORT, Edge
from infra.constructs.network.vpc import Network
from infra.fallback.pages import FallbackPages

SECRETS = {
    "OPENAI_API_KEY": "openai-api-key",
    "TWILIO_AUTH_TOKEN": "twilio-auth-token",
    "STRIPE_API_KEY": "stripe-api-key",
    "STREAM_TOKEN_SECRET": "stream-token",
}


class MediaStack(Stack):
    """Exports `media_url`; `bridge` and `edge` for whoever watches them."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        stage: Stage,
        *,
        tables: Mapping[str, dynamodb.TableV2],
        key: kms.IKey | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self.network = Network(self, "Network", stage)
        self.edge = Edge(self, "Edge", stage, self.network)
        self.media_url = f"wss://{self.edge.host}/media"
        self.bridge = BridgeService(
            self,
            "Bridge",
            stage,
            self.network,
            self.edge,
            environment=environment(stage, self.media_url, self.region, self.account)
            | {"TARGET_GROUP_ARN": self.edge.target_group.target_group_arn}
            | self._also_signed(),
        )
        self._let_see_whether_it_drains()
        grants.allow_tables(self.bridge.role, grants.USES["media_bridge"], tables, key)
        grants.allow_secrets(self.bridge.role, stage, tuple(SECRETS.values()))
        grants.allow_mail(self.bridge.role, stage)
        self._let_read_the_public_url(stage)
        grants.allow_business_files(self.bridge.role, stage)
        grants.allow_business_secrets(self.bridge.role, stage)  # calendars of crews
        self.fallback = FallbackPages(self, "Fallback", stage)
        self._outputs(stage)

    @property
    def availability_zones(self) -> list[str]:
        """The account's first two, found at deployment: a look-up now would need an account."""
        return [Fn.select(0, Fn.get_azs()), Fn.select(1, Fn.get_azs())]

    def _also_signed(self) -> dict[str, str]:
        """Webhooks name the one address until their own stack is deployed; and so does a version
        that was put back."""
        other = self.edge.other_host
        return {} if other is None else {"OTHER_MEDIA_URL": f"wss://{other}/media"}

    def _let_see_whether_it_drains(self) -> None:
        """A task that was deregistered and is empty need not wait for the delay to end."""
        self.bridge.role.add_to_policy(
            iam.PolicyStatement(
                actions=["elasticloadbalancing:DescribeTargetHealth"], resources=["*"]
            )
        )
        accept(
            self.bridge.role,
            {"AwsSolutions-IAM5[Resource::*]": "DescribeTargetHealth takes no resource"},
        )

    def _let_read_the_public_url(self, stage: Stage) -> None:
        parameter = self.format_arn(
            service="ssm",
            resource="parameter",
            resource_name=stage.parameter("public-base-url").removeprefix("/"),
        )
        self.bridge.role.add_to_policy(
            iam.PolicyStatement(actions=["ssm:GetParameter"], resources=[parameter])
        )

    def _outputs(self, stage: Stage) -> None:
        ssm.StringParameter(
            self,
            "MediaUrlParameter",
            parameter_name=stage.parameter("media-url"),
            string_value=self.media_url,
        )
        if stage.domain:
            CfnOutput(
                self,
                "DomainTarget",
                value=self.edge.distribution.domain_name,
                description=f"what {stage.domain.name} has to be a CNAME of",
            ).override_logical_id("DomainTarget")
        CfnOutput(self, "MediaUrl", value=self.media_url).override_logical_id("MediaUrl")
        CfnOutput(
            self, "FallbackLines", value=self.fallback.lines.key_value_store_arn
        ).override_logical_id("FallbackLines")
        CfnOutput(self, "FallbackBaseUrl", value=self.fallback.base_url).override_logical_id(
            "FallbackBaseUrl"
        )


def environment(stage: Stage, media_url: str, region: str, account: str) -> dict[str, str]:
    """What services/media_bridge/process/settings.py reads."""
    return {
        "STAGE": stage.name,
        "TABLE_PREFIX": stage.prefix,
        "MEDIA_URL": media_url,
        # Written by the api stack, which is deployed after this one.
        "PUBLIC_BASE_URL_PARAMETER": stage.parameter("public-base-url"),
        "OPENAI_MODEL": stage.model,
        "OPENAI_VOICE": stage.voice,
        "TWILIO_ACCOUNT_SID": stage.twilio_account_sid,
        "AWS_REGION": region,
        "PORT": str(BRIDGE_PORT),
        "MAX_CALLS": str(stage.bridge.max_calls_a_task),
        "CALLS_AN_HOUR": str(stage.calls_an_hour),
        **(
            {} if stage.model_usd_a_day is None else {"MODEL_USD_A_DAY": str(stage.model_usd_a_day)}
        ),
        "KEEP_DAYS": str(stage.keep_days),
        "CUSTOMER_DAYS": str(stage.customer_days),
        "BUSINESS_METRICS": "off" if stage.small else "on",
        "BUSINESS_STORE": stage.business_store(account),
        "BUSINESS_SECRETS": stage.secret(grants.OF_BUSINESSES),
        **grants.mail_sender(stage),
        **grants.secret_names(stage, SECRETS),
    }
