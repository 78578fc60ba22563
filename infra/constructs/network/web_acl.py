"""An option: a web ACL on the media distribution. It sees upgrades, never frames."""

from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.config import Stage


def web_acl(scope: Construct, stage: Stage) -> str | None:
    """Return the ARN of the stage's web ACL: one made here, the owner's own, or none."""
    if not stage.waf:
        return stage.web_acl_arn
    return waf.CfnWebACL(
        scope,
        "WebAcl",
        name=f"{stage.prefix}edge",
        scope="CLOUDFRONT",
        default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=_seen(f"{stage.prefix}edge"),
        rules=[_reputation(), _rate()],
    ).attr_arn


def _reputation() -> waf.CfnWebACL.RuleProperty:
    return waf.CfnWebACL.RuleProperty(
        name="reputation",
        priority=0,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        statement=waf.CfnWebACL.StatementProperty(
            managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name="AWSManagedRulesAmazonIpReputationList"
            )
        ),
        visibility_config=_seen("reputation"),
    )


def _rate() -> waf.CfnWebACL.RuleProperty:
    """All our calls come from a few of Twilio's addresses, so this is generous."""
    return waf.CfnWebACL.RuleProperty(
        name="rate",
        priority=1,
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP", limit=10_000
            )
        ),
        visibility_config=_seen("rate"),
    )


def _seen(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
