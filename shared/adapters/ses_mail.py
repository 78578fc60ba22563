"""Mail through Amazon SES, in plain text. Its client is made at the first mail."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.errors import MailFailed

LONGEST_SUBJECT = 200  # characters
# Two attempts fit into what a caller waits for a text.
_CONFIG = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})


class SesMail:
    """Implements `shared.actions.ports.Mail`. `sender` is a verified identity; "" sends nothing.

    The address of SES is AWS's own, or AWS_ENDPOINT_URL_SESV2 where that is set.
    """

    def __init__(self, sender: str, *, region: str, endpoint_url: str | None = None) -> None:
        self._sender, self._region, self._endpoint_url = sender, region, endpoint_url

    @cached_property
    def _client(self) -> Any:
        import boto3

        return boto3.client(
            "sesv2", region_name=self._region, endpoint_url=self._endpoint_url, config=_CONFIG
        )

    def send(self, to: str, subject: str, body: str) -> str:
        """Hand over one mail. Raises MailFailed."""
        if not self._sender:
            raise MailFailed("MAIL_FROM is not set")
        # A line break in a subject would begin another header.
        line = " ".join(subject.split())[:LONGEST_SUBJECT]
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": line, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": body, "Charset": "UTF-8"}},
                    }
                },
            )
        except ClientError as exc:
            raise MailFailed(f"SES: {exc.response['Error']['Code']}") from exc
        except BotoCoreError as exc:
            raise MailFailed(f"SES: {type(exc).__name__}") from exc
        return str(answer["MessageId"])
