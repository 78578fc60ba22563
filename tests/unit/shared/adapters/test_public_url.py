"""The webhooks' address: given, or read once when it is first needed."""

import boto3
import pytest
from moto import mock_aws

from shared.adapters.public_url import PublicUrl
from shared.adapters.settings import settings_of
from shared.domain.errors import PortError

NAME = "/callwright/dev/public-base-url"
IN_AWS = settings_of({"PUBLIC_BASE_URL_PARAMETER": NAME, "AWS_REGION": "us-east-1"})


def test_an_address_that_is_given_is_taken() -> None:
    given = settings_of({"PUBLIC_BASE_URL": "https://a.example/"})
    assert PublicUrl(given)() == "https://a.example"


def test_a_parameter_is_read_when_first_needed_and_then_kept() -> None:
    asked: list[str] = []

    def read(name: str) -> str:
        asked.append(name)
        return "https://a.example"

    url = PublicUrl(IN_AWS, read)
    assert asked == []
    assert [url(), url()] == ["https://a.example"] * 2
    assert asked == [NAME]


def test_one_that_is_not_there_yet_is_asked_for_again() -> None:
    answers: list[PortError | str] = [PortError("not yet"), "https://a.example"]

    def read(name: str) -> str:
        answer = answers.pop(0)
        if isinstance(answer, PortError):
            raise answer
        return answer

    url = PublicUrl(IN_AWS, read)
    with pytest.raises(PortError):
        url()
    assert url() == "https://a.example"


def test_neither_is_a_fault_that_names_both() -> None:
    with pytest.raises(PortError, match="PUBLIC_BASE_URL_PARAMETER"):
        PublicUrl(settings_of({}))()


def test_the_parameter_store_is_asked() -> None:
    with mock_aws():
        with pytest.raises(PortError, match=NAME):
            PublicUrl(IN_AWS)()
        boto3.client("ssm", region_name="us-east-1").put_parameter(
            Name=NAME, Value="https://a.example", Type="String"
        )
        assert PublicUrl(IN_AWS)() == "https://a.example"
