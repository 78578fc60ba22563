"""The stage's EventBridge bus, where other systems of the account's owner listen."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.errors import PortError
from shared.domain.models.event import Event

SOURCE = "callwright"
_CONFIG = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})


class EventBridgeBus:
    """Implements `shared.actions.events.ports.EventBus`; `name` is the bus's."""

    def __init__(self, name: str, *, region: str, endpoint_url: str | None = None) -> None:
        self._name, self._region, self._endpoint_url = name, region, endpoint_url

    @cached_property
    def _client(self) -> Any:
        import boto3

        return boto3.client(
            "events", region_name=self._region, endpoint_url=self._endpoint_url, config=_CONFIG
        )

    def put(self, event: Event, body: str) -> None:
        entry = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": event.type.value,
            "Time": event.at,
            "Detail": body,
        }
        try:
            answer = self._client.put_events(Entries=[entry])
        except ClientError as exc:
            raise PortError(f"EventBridge: {exc.response['Error']['Code']}") from exc
        except BotoCoreError as exc:
            raise PortError(f"EventBridge: {type(exc).__name__}") from exc
        if answer["FailedEntryCount"]:
            raise PortError(f"EventBridge: {answer['Entries'][0].get('ErrorCode')}")
