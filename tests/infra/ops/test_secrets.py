"""The secrets command: fills five entries, keeps what is there, and shows no value ever."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.config import Stage
from infra.ops import secrets
from infra.ops.secrets import BadValue, fill, from_environment, from_json, main, prompted
from infra.ops.stage import Unready
from infra.ops.vault import Vault
from tests.infra.ops.conftest import held

pytestmark = pytest.mark.stack

GIVEN = {
    "openai-api-key": "sk-proj-abcdefgh12345678",
    "twilio-auth-token": "0123456789abcdef0123456789abcdef",
    "stripe-api-key": "sk_test_abcdefgh12345678",
}
NAMES = [entry.name for entry in secrets.ENTRIES]


def filled(vault: Vault, stage: Stage, given: Any = GIVEN, rotate: Any = ()) -> tuple[bool, str]:
    out = io.StringIO()
    return fill(vault, stage, given, rotate, out), out.getvalue()


def test_all_entries_are_made_and_only_the_webhook_s_waits_for_connect(
    vault: Vault, stage: Stage, aws: Any
) -> None:
    complete, said = filled(vault, stage)

    assert complete
    listed = aws.client("secretsmanager").list_secrets()["SecretList"]
    assert {each["Name"] for each in listed} == {f"callwright/dev/{name}" for name in NAMES}
    for name, value in GIVEN.items():
        assert held(aws, name) == {"current": value, "previous": ""}
    assert len(held(aws, "stream-token")["current"]) >= 40
    assert vault.read("stripe-webhook-secret").current is None
    assert "callwright/dev/stripe-webhook-secret" in said
    assert "`make connect` fills it" in said


def test_no_value_is_ever_printed(vault: Vault, stage: Stage, aws: Any) -> None:
    _, first = filled(vault, stage)
    _, second = filled(vault, stage, {"stripe-api-key": "sk_test_another12345678"})

    for name in ("openai-api-key", "twilio-auth-token", "stripe-api-key", "stream-token"):
        for value in held(aws, name).values():
            assert not value or value not in first + second
    assert GIVEN["openai-api-key"] not in repr(vault.read("openai-api-key"))


def test_again_without_anything_new_changes_nothing(vault: Vault, stage: Stage, aws: Any) -> None:
    filled(vault, stage)
    before = {name: held(aws, name) for name in NAMES if name != "stripe-webhook-secret"}

    complete, said = filled(vault, stage, {})

    assert complete
    assert said.count("kept") == 4
    assert {name: held(aws, name) for name in before} == before
    assert "unchanged" in filled(vault, stage)[1]


def test_a_new_value_keeps_the_one_before_until_it_is_forgotten(
    vault: Vault, stage: Stage, aws: Any
) -> None:
    filled(vault, stage)
    new = "fedcba9876543210fedcba9876543210"

    _, said = filled(vault, stage, {"twilio-auth-token": new}, rotate=["stream-token"])

    kept = {"current": new, "previous": GIVEN["twilio-auth-token"]}
    assert held(aws, "twilio-auth-token") == kept
    assert held(aws, "stream-token")["previous"]
    assert said.count("rotated") == 2
    assert vault.forget_previous("twilio-auth-token") is True
    assert vault.forget_previous("twilio-auth-token") is False
    assert held(aws, "twilio-auth-token") == {"current": new, "previous": ""}


def test_an_entry_made_by_hand_with_a_bare_value_is_understood(
    vault: Vault, stage: Stage, aws: Any
) -> None:
    client = aws.client("secretsmanager")
    client.create_secret(Name="callwright/dev/openai-api-key", SecretString="sk-by-hand-12345678")

    filled(vault, stage, {"openai-api-key": GIVEN["openai-api-key"]})

    assert held(aws, "openai-api-key")["previous"] == "sk-by-hand-12345678"


def test_what_lacks_a_value_is_said_and_is_a_failure(vault: Vault, stage: Stage) -> None:
    complete, said = filled(vault, stage, {})
    assert not complete
    assert said.count("EMPTY") == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("openai-api-key", "not a key"),
        ("twilio-auth-token", "0123"),
        ("stripe-api-key", "pk_test_abcdefgh12345678"),
        ("stripe-api-key", "sk_live_abcdefgh12345678"),
        ("stripe-webhook-secret", "sk_test_abcdefgh12345678"),
    ],
)
def test_a_value_in_the_wrong_place_is_refused_and_nothing_is_stored(
    vault: Vault, stage: Stage, name: str, value: str
) -> None:
    with pytest.raises(BadValue, match=name) as refused:
        filled(vault, stage, GIVEN | {name: value})
    assert value not in str(refused.value)
    assert not vault.read("openai-api-key").exists


def test_prod_takes_no_test_key(vault: Vault) -> None:
    prod = Stage(
        name="prod",
        twilio_account_sid="AC" + "1" * 32,
        page=("a@callwright.dev",),
        ticket=("b@callwright.dev",),
    )
    with pytest.raises(BadValue, match="a live key"):
        filled(vault, prod, GIVEN)


def test_at_a_prompt_an_empty_answer_keeps_what_is_there(vault: Vault, stage: Stage) -> None:
    filled(vault, stage)
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return GIVEN["openai-api-key"] if "openai" in prompt else ""

    assert prompted(vault, ask) == {"openai-api-key": GIVEN["openai-api-key"]}
    assert len(asked) == 3
    assert all("Enter keeps it" in prompt for prompt in asked)


def test_an_empty_vault_has_nothing_to_connect_with(vault: Vault) -> None:
    with pytest.raises(Unready, match="make secrets"):
        vault.current("stripe-api-key")


def test_values_come_from_the_environment_or_as_json() -> None:
    assert from_environment({"OPENAI_API_KEY": " sk-1 ", "STRIPE_API_KEY": ""}) == {
        "openai-api-key": "sk-1"
    }
    assert from_json('{"stream-token": "x"}') == {"stream-token": "x"}
    for text in ("[]", "no", '{"password": "x"}'):
        with pytest.raises(BadValue, match="stdin"):
            from_json(text)


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_the_command_fills_a_stage_from_stdin(
    aws: Any, stdin: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(json.dumps(GIVEN))
    assert main(["--stage", "dev", "--stdin"]) == 0
    assert held(aws, "stripe-api-key")["current"] == GIVEN["stripe-api-key"]
    said = capsys.readouterr()
    assert GIVEN["stripe-api-key"] not in said.out + said.err
    assert main(["--stage", "dev", "--forget-previous"]) == 0


def test_the_command_says_what_is_wrong(
    aws: Any, stdin: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stdin("")
    assert main(["--stage", "dev"]) == 2
    assert main(["--stage", "moon", "--from-env"]) == 2
    said = capsys.readouterr().err
    assert "--from-env or --stdin" in said
    assert "moon" in said


def test_the_page_the_help_and_the_prompt_show_what_each_key_has_to_be_allowed(
    vault: Vault, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[3] / "docs/operations.md").read_text("utf-8")
    shown: list[str] = []
    prompted(vault, lambda _: "", shown.append)
    with pytest.raises(SystemExit):
        main(["--help"])
    helped = capsys.readouterr().out

    for entry in secrets.ENTRIES:
        for need in entry.needs:
            assert f"| `{entry.name}` | {need.permission} |" in page
            assert need.permission in "\n".join(shown)
            assert need.permission in helped
    assert secrets.STRIPE_ADMIN.permission in page
