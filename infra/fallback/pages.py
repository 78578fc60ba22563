"""The static TwiML of `code`, on a distribution that nothing else of ours can break."""

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from infra.config import Stage
from infra.constructs.network.edge import explain
from infra.fallback.code import code

NEVER_ASKED = "origin.example.com"  # a distribution must have an origin; the function answers all


class FallbackPages(Construct):
    """`base_url`; a business's page is that and `infra.fallback.code.path_of`. `lines` is whom it
    rings."""

    def __init__(self, scope: Construct, id: str, stage: Stage) -> None:
        super().__init__(scope, id)
        # Filled by `make connect` and by publishing; no deployment writes into it.
        self.lines = cloudfront.KeyValueStore(
            self,
            "Lines",
            key_value_store_name=f"{stage.prefix}fallback",
            comment=f"Callwright {stage.name}: whom the fallback rings, by business",
        )
        function = cloudfront.Function(
            self,
            "Twiml",
            comment=f"Callwright {stage.name}: who is rung when our webhooks do not answer",
            code=cloudfront.FunctionCode.from_inline(code()),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            key_value_store=self.lines,
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Callwright {stage.name}: fallback",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(
                    NEVER_ASKED, protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY
                ),
                # Twilio posts unless it is told to GET.
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                function_associations=[
                    cloudfront.FunctionAssociation(
                        function=function,
                        event_type=cloudfront.FunctionEventType.VIEWER_REQUEST,
                    )
                ],
            ),
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
        )
        explain(self.distribution, own_domain=False)
        self.base_url = f"https://{self.distribution.domain_name}"
