"""Why a finding of cdk-nag stands: written beside the resource, never for a whole stack."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings of `scope` and what is in it: rule -> reason."""
    rules = [Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()]
    Validations.of(scope).acknowledge(*rules)
