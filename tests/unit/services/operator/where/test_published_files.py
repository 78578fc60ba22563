"""A stage's businesses are those in force in it; trouble with the store is said in a line."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from services.operator.where.published_files import (
    PublishedFiles,
    businesses_in_force,
    published_files_of,
)
from services.operator.where.trouble import CannotTell
from shared.businesses import all_businesses
from shared.published import POINTER, BusinessFile, version_of, write_pointer
from tests.examples import BUSINESSES
from tests.unit.services.operator.shelf import Shelf

OLD = (BUSINESSES / "coolcare_hvac.toml").read_text()
NEW = OLD.replace("max_slots = 3", "max_slots = 2")


def published(shelf: Shelf, text: str, before: str | None = None) -> PublishedFiles:
    file = BusinessFile("coolcare_hvac", text, before, is_published=True)
    shelf.put_object(Key=POINTER, Body=write_pointer({"coolcare_hvac": file}))
    return shelf.store()


def test_what_was_published_is_in_force_and_of_others_what_is_deployed() -> None:
    found = businesses_in_force(published(Shelf(), NEW), all_businesses())
    assert found["coolcare_hvac"].version == version_of(NEW)
    assert found.keys() == all_businesses().keys()


def test_a_text_that_is_no_good_gives_way_to_the_one_before() -> None:
    found = businesses_in_force(published(Shelf(), "no toml", before=NEW), all_businesses())
    assert found["coolcare_hvac"].max_slots == 2


def test_each_stage_has_a_bucket_of_its_own_in_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        here = {"AWS_REGION": "us-east-1"}
        with pytest.raises(CannotTell, match="has no store of business files: deploy it first"):
            published_files_of("dev", here).pointer()
        s3.create_bucket(Bucket="callwright-dev-businesses-123456789012")
        store = published_files_of("dev", here)
        assert store.pointer().files == {}
        assert store.keep("mine", "x") == version_of("x")
        assert [version for version, _ in store.versions("mine")] == [version_of("x")]
        with pytest.raises(CannotTell, match="staging has no store"):
            published_files_of("staging", here).pointer()


def test_what_may_not_be_read_is_said() -> None:
    class Shut(Shelf):
        def get_object(self, **_: str) -> dict[str, object]:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")

    with pytest.raises(CannotTell, match="your credentials may not do GetObject"):
        Shut().store().pointer()
