"""The owner's name in front of the API, whose own address goes on answering."""

from aws_cdk import CfnOutput
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_certificatemanager as acm
from constructs import Construct

from infra.config import ApiDomain


def own_domain(
    scope: Construct, api: http.HttpApi, http_stage: http.CfnStage, own: ApiDomain
) -> None:
    """Let `own` lead to `http_stage`, and say what its name has to be a CNAME of."""
    domain = http.DomainName(
        scope,
        "Domain",
        domain_name=own.name,
        certificate=acm.Certificate.from_certificate_arn(scope, "Certificate", own.certificate_arn),
        security_policy=http.SecurityPolicy.TLS_1_2,
    )
    mapping = http.CfnApiMapping(
        scope,
        "Mapping",
        api_id=api.http_api_id,
        domain_name=domain.name,
        stage=http_stage.ref,
    )
    mapping.node.add_dependency(http_stage)
    CfnOutput(
        scope,
        "ApiDomainTarget",
        value=domain.regional_domain_name,
        description=f"what {own.name} has to be a CNAME of",
    ).override_logical_id("ApiDomainTarget")
