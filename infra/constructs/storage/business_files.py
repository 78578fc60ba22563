"""The stage's store of business files: what the owner publishes, and no deployment overwrites."""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import Stage
from infra.constructs.nag import accept

UNDONE_DAYS = 400  # a pointer that was replaced can be put back so long


class BusinessFiles(Construct):
    """`bucket`: `current.json`, and each text ever published under `versions/`."""

    def __init__(self, scope: Construct, id: str, stage: Stage, key: kms.IKey | None) -> None:
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            # Known without asking: to every reader, and to whoever publishes.
            bucket_name=stage.business_store(Aws.ACCOUNT_ID),
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=key,
            bucket_key_enabled=True if key else None,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="Undone",
                    noncurrent_version_expiration=Duration.days(UNDONE_DAYS),
                    abort_incomplete_multipart_upload_after=Duration.days(2),
                )
            ],
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        accept(
            self.bucket,
            {"AwsSolutions-S1": "what was written is kept as versions; a log would name readers"},
        )
