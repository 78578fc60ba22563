"""What is published in a stage: its businesses as callers meet them, for whoever connects it."""

from collections.abc import Mapping

from botocore.exceptions import ClientError

from infra.ops.stage import Aws, Unready
from shared import published
from shared.businesses import all_businesses
from shared.domain.business import Business
from shared.published import POINTER, BadPointer, read_pointer

NOTHING_YET = ("NoSuchKey", "NoSuchBucket")


def businesses_of(aws: Aws) -> Mapping[str, Business]:
    """The published ones, and of the others what the repository has.

    Raises:
        Unready: the pointer is none.
        BadBusiness: a file of the repository is wrong.
    """
    account = aws.client("sts").get_caller_identity()["Account"]
    bucket = aws.stage.business_store(account)
    try:
        data = aws.client("s3").get_object(Bucket=bucket, Key=POINTER)["Body"].read()
        published.use(read_pointer(data))
    except ClientError as exc:
        if exc.response["Error"]["Code"] not in NOTHING_YET:
            raise
        published.use({})
    except BadPointer as exc:
        raise Unready(f"{bucket}/{POINTER}: {exc}") from exc
    return all_businesses()
