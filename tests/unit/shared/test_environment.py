"""Environment variables: one rule for each, and what is wrong is named without its value."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from shared import environment
from shared.environment import BadSettings


@pytest.mark.parametrize("blank", [{}, {"A": ""}, {"A": "  \n"}])
def test_a_variable_of_nothing_but_blanks_is_not_set(blank: dict[str, str]) -> None:
    assert environment.value(blank, "A", "default") == "default"
    with pytest.raises(BadSettings, match="missing: A"):
        environment.require(blank, ["A"])


def test_blanks_around_a_value_are_dropped() -> None:
    assert environment.value({"A": " x y\n"}, "A") == "x y"


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(BadSettings) as told:
        environment.require({"B": "set"}, ["A", "B", ("C", "D"), environment.secret_named("E")])
    assert str(told.value) == "missing: A, C or D, E or E_SECRET_ARN"


@pytest.mark.parametrize("given", [{"C": "1"}, {"D": "1"}])
def test_one_of_several_alternatives_is_enough(given: dict[str, str]) -> None:
    environment.require(given, [("C", "D")])


def test_a_stage_is_one_of_four_and_local_without_a_word() -> None:
    assert environment.stage({}) == "local"
    assert [environment.stage({"STAGE": name}) for name in environment.STAGES] == [
        *environment.STAGES
    ]
    with pytest.raises(BadSettings, match="STAGE must be one of local, dev, staging, prod"):
        environment.stage({"STAGE": "production"})


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({"AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "eu-west-1"}, "us-west-2"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({}, "us-east-1"),
    ],
)
def test_the_region_is_the_functions_own_before_the_default_one(
    given: dict[str, str], region: str
) -> None:
    assert environment.region(given) == region


@pytest.mark.parametrize(
    ("given", "seconds"), [("", 0), ("0", 0), (" 60 ", 60), ("-86400", -86_400), ("+5", 5)]
)
def test_the_clock_is_moved_by_whole_seconds(given: str, seconds: int) -> None:
    assert environment.clock_offset({"CLOCK_OFFSET_S": given}) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "given",
    ["soon", "1.5", "1e3", "nan", "inf", "1_000", "١٢", "--5", "5 5", "0x10", "9" * 12, "9" * 99],
)
def test_a_clock_is_moved_by_nothing_else(given: str) -> None:
    with pytest.raises(BadSettings, match="CLOCK_OFFSET_S"):
        environment.clock_offset({"CLOCK_OFFSET_S": given})


@pytest.mark.parametrize("offset", ["1", "-60"])
def test_the_clock_of_prod_is_never_moved(offset: str) -> None:
    with pytest.raises(BadSettings, match="CLOCK_OFFSET_S must be 0"):
        environment.clock_offset({"CLOCK_OFFSET_S": offset, "STAGE": "prod"})
    assert environment.clock_offset({"CLOCK_OFFSET_S": "0", "STAGE": "prod"}) == timedelta(0)


def test_calls_are_kept_for_ever_or_for_days() -> None:
    assert environment.keep_days({}) is None
    assert environment.keep_days({"KEEP_DAYS": "30"}) == 30


@pytest.mark.parametrize("days", ["0", "-1", "many", "30.5", "100000", "²", "1e2"])
def test_days_to_keep_must_be_days(days: str) -> None:
    with pytest.raises(BadSettings, match="KEEP_DAYS"):
        environment.keep_days({"KEEP_DAYS": days})


def test_a_number_that_is_not_set_has_its_default_or_is_missed() -> None:
    assert environment.whole({}, "PORT", least=0, most=9, default=8) == 8
    with pytest.raises(BadSettings, match="PORT must be a whole number"):
        environment.whole({}, "PORT", least=0, most=9)
    with pytest.raises(BadSettings, match="PORT must be between 0 and 9"):
        environment.whole({"PORT": "10"}, "PORT", least=0, most=9)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://a.example/", "https://a.example"),
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("https://[::1]:8080/v1/", "https://[::1]:8080/v1"),
        ("", None),
    ],
)
def test_an_address_loses_its_last_slash(given: str, address: str | None) -> None:
    assert environment.url({"A": given}, "A") == address


@pytest.mark.parametrize(
    "given",
    [
        "a.example",
        "//a.example",
        "https://",
        "ftp://a.example",
        "wss://a.example",
        "https://a.example?x=1",
        "https://a.example/?",
        "https://a.example/#top",
        "https://a.example:port",
        "https://a.example:99999",
        "https://a.example:0",
        "https://[::1",
    ],
)
def test_what_is_no_plain_address_is_refused(given: str) -> None:
    with pytest.raises(BadSettings, match="A must be a http or https address without a query"):
        environment.url({"A": given}, "A")


def test_a_needed_address_that_is_not_set_is_missing() -> None:
    with pytest.raises(BadSettings, match="missing: MEDIA_URL"):
        environment.needed_url({}, "MEDIA_URL", ("wss",))


READERS: list[Callable[[Mapping[str, str]], object]] = [
    environment.stage,
    environment.clock_offset,
    environment.keep_days,
    lambda given: environment.whole(given, "PORT", least=0, most=9),
    lambda given: environment.url(given, "MEDIA_URL", ("wss",)),
]


@pytest.mark.parametrize("read", READERS)
def test_no_message_tells_a_value(read: Callable[[Mapping[str, str]], object]) -> None:
    """A secret pasted into the wrong variable would stand in the log."""
    names = ("STAGE", "CLOCK_OFFSET_S", "KEEP_DAYS", "PORT", "MEDIA_URL")
    with pytest.raises(BadSettings) as told:
        read(dict.fromkeys(names, "sk_live_1234"))
    assert "sk_live" not in str(told.value)
