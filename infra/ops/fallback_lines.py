"""Whom the fallback rings: CloudFront's KeyValueStore, as the operator changes it."""

from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import ClientError

from infra.fallback.code import LARGEST_VALUE, key_of, value_of
from infra.ops.stage import Aws, Unready
from shared.domain.business import Business

OUTPUT = "FallbackLines"  # of the media stack
TRIES = 3  # each change makes a new state, and must name the one it changes


class FallbackLines:
    """`client` is boto3's of cloudfront-keyvaluestore; `arn` is the store's."""

    def __init__(self, client: Any, arn: str, account_sid: str) -> None:
        self._client, self._arn, self._account_sid = client, arn, account_sid

    def now(self, business: Business) -> str:
        """Whom it rings for a business now; "" for nobody."""
        try:
            found = self._client.get_key(KvsARN=self._arn, Key=self._key(business))
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ResourceNotFoundException":
                return ""
            raise
        return str(found["Value"])

    def set(self, business: Business) -> None:
        """From now on whoever the business's file names is rung.

        Raises:
            Unready: more numbers than fit, or others change the store all the while.
        """
        value = value_of(business)
        if len(value) > LARGEST_VALUE:
            raise Unready(f"{business.id}: on_call has more numbers than the fallback can hold")
        for _ in range(TRIES):
            state = self._client.describe_key_value_store(KvsARN=self._arn)["ETag"]
            try:
                self._client.put_key(
                    KvsARN=self._arn, Key=self._key(business), Value=value, IfMatch=state
                )
                return
            except ClientError as exc:
                if exc.response["Error"]["Code"] != "ConflictException":
                    raise
        raise Unready("others change the fallback's numbers at the same time: run it again")

    def _key(self, business: Business) -> str:
        return key_of(business.id, self._account_sid)


def lines_of(aws: Aws, arn: str) -> FallbackLines:
    """Those of a stage."""
    client = aws.client("cloudfront-keyvaluestore")
    return FallbackLines(client, arn, aws.stage.twilio_account_sid)


def fill(aws: Aws, businesses: Iterable[Business], say: Callable[[str], object]) -> None:
    """Tell a fallback that was just deployed whom it rings, so that it is never without.

    Raises:
        Unready: as `FallbackLines.set`.
    """
    arn = aws.outputs("media").get(OUTPUT) if aws.stands("media") else None
    if arn is None:
        return
    lines = lines_of(aws, arn)
    missing = [each for each in businesses if lines.now(each) != value_of(each)]
    for business in missing:
        lines.set(business)
    if missing:
        say(f"the fallback knows whom to ring: {', '.join(each.id for each in missing)}")
