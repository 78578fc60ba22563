"""This task as its balancer sees it: whether it is still given calls."""

import json
import urllib.request
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.errors import PortError

METADATA = "ECS_CONTAINER_METADATA_URI_V4"  # set by ECS in every container
TIMEOUT_S = 5.0


class BalancerTarget:
    """The target that this task is. `client` is elbv2's; `address` the task's own."""

    def __init__(self, client: Any, target_group_arn: str, address: str) -> None:
        self._client, self._group, self._address = client, target_group_arn, address

    def draining(self) -> bool:
        """Whether it was deregistered, and keeps only the calls it has. Raises PortError.

        A target that is no more known was deregistered too, and its delay is over.
        """
        try:
            found = self._client.describe_target_health(
                TargetGroupArn=self._group, Targets=[{"Id": self._address}]
            )["TargetHealthDescriptions"]
        except (ClientError, BotoCoreError) as exc:
            raise PortError(f"balancer: {type(exc).__name__}") from exc
        return any(each["TargetHealth"]["State"] == "draining" for each in found)


def own_address(metadata: str) -> str:
    """The address by which the balancer knows this task, as ECS tells it. Raises PortError."""
    try:
        with urllib.request.urlopen(metadata, timeout=TIMEOUT_S) as answer:
            networks = json.load(answer)["Networks"]
        return str(networks[0]["IPv4Addresses"][0])
    except (OSError, ValueError, KeyError, IndexError, TypeError) as exc:
        raise PortError(f"ECS metadata: {type(exc).__name__}") from exc
