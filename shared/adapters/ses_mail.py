"""Mail through Amazon SES: plain text, and invitations. Its client is made at the first mail."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
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
        simple = {
            "Subject": {"Data": _line(subject), "Charset": "UTF-8"},
            "Body": {"Text": {"Data": body, "Charset": "UTF-8"}},
        }
        return self._handed_over(to, {"Simple": simple})

    def invite(self, to: str, subject: str, body: str, *, method: str, ics: str) -> str:
        """One mail whose calendar part mail programs show as an invitation. Raises MailFailed."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, to, _line(subject)
        mail.set_content(body)
        mail.add_alternative(ics, subtype="calendar", params={"method": method})
        return self._handed_over(to, {"Raw": {"Data": mail.as_bytes(policy=SMTP)}})

    def _handed_over(self, to: str, content: Mapping[str, object]) -> str:
        if not self._sender:
            raise MailFailed("MAIL_FROM is not set")
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content=content,
            )
        except ClientError as exc:
            raise MailFailed(f"SES: {exc.response['Error']['Code']}") from exc
        except BotoCoreError as exc:
            raise MailFailed(f"SES: {type(exc).__name__}") from exc
        return str(answer["MessageId"])


def _line(subject: str) -> str:
    """A line break in a subject would begin another header."""
    return " ".join(subject.split())[:LONGEST_SUBJECT]
