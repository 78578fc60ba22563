"""The secrets command: fills five entries, keeps what is there, and shows no value ever."""

import io
import json
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra.config import Stage
from infra.ops import entries
from infra.ops.entries import BadValue
from infra.ops.secrets import fill, from_environment, from_json, main, prompted
from infra.ops.stage import Unready
from infra.ops.vault import Vault
from shared import environment
from shared.businesses import all_businesses
from shared.domain.business import Business
from shared.domain.integrations import Integrations
from tests.infra.ops.conftest import held

pytestmark = pytest.mark.stack

GIVEN = {
    "openai-api-key": "sk-proj-abcdefgh12345678",
    "twilio-auth-token": "0123456789abcdef0123456789abcdef",
    "stripe-api-key": "sk_test_abcdefgh12345678",
}
NAMES = [entry.name for entry in entries.ENTRIES]


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

    for entry in entries.ENTRIES:
        for need in entry.needs:
            assert f"| `{entry.name}` | {need.permission} |" in page
            assert need.permission in "\n".join(shown)
            assert need.permission in helped
    assert entries.STRIPE_ADMIN.permission in page


MINE = Integrations.model_validate(
    {
        "calendars": {"crew-1": {"busy": "crew-1-calendar"}},
        "feed": "feed-key",
        "report": {"by": "slack", "webhook": "office-slack"},
        "webhooks": [
            {"name": "board", "url": "https://a.example/", "secret": "board-key"},
            {"name": "crm", "url": "https://b.example/", "secret": "board-key"},
        ],
    }
)


def mine(integrations: Integrations = MINE) -> Business:
    return all_businesses()["coolcare_hvac"].model_copy(update={"integrations": integrations})


def test_what_business_files_name_is_asked_for_and_keys_are_made(
    vault: Vault, stage: Stage, aws: Any
) -> None:
    named = entries.of_businesses([mine()])
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "https://calendar.example.com/secret.ics" if "crew-1" in prompt else ""

    given = prompted(vault, ask, lambda _: None, named)
    out = io.StringIO()
    assert fill(vault, stage, given, [], out, named) is False  # Slack's address is nobody's to make

    said = out.getvalue()
    assert [line.split()[0].rstrip("()") for line in said.splitlines()] == [
        f"callwright/dev/business/{name}"
        for name in ("board-key", "crew-1-calendar", "feed-key", "office-slack")
    ]
    assert said.count("(coolcare_hvac)") == 4 and said.count("EMPTY") == 1
    assert held(aws, "business/board-key")["current"].startswith("whsec_")
    assert len(held(aws, "business/feed-key")["current"]) >= 24
    assert held(aws, "business/crew-1-calendar")["current"].startswith("https://calendar")
    assert "Enter makes one" in asked[0] and "an https address" in asked[1]
    assert "secret.ics" not in said
    again = io.StringIO()
    fill(vault, stage, {}, ["business/board-key"], again, named)
    assert again.getvalue().count("rotated") == 1 and again.getvalue().count("kept") == 2


@pytest.mark.parametrize("value", ["http://a.example/x", "crew-1", "https://", "https://a b"])
def test_what_is_no_address_is_refused(vault: Vault, stage: Stage, value: str) -> None:
    named = entries.of_businesses([mine()])
    with pytest.raises(BadValue, match="business/crew-1-calendar: does not look like an https"):
        fill(vault, stage, {"business/crew-1-calendar": value}, [], io.StringIO(), named)


def test_a_name_that_two_businesses_mean_differently_is_told() -> None:
    other = mine(Integrations(feed="board-key")).model_copy(update={"id": "other"})
    with pytest.raises(BadValue, match="board-key: coolcare_hvac and other differ"):
        entries.of_businesses([mine(), other])


def test_the_command_knows_what_a_file_names_that_is_not_published_yet(
    aws: Any, stdin: Callable[[str], None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = (environment.businesses({}) / "coolcare_hvac.toml").read_text("utf-8")
    file = tmp_path / "coolcare_hvac.toml"
    file.write_text(f'{text}\n[integrations]\nfeed = "feed-key"\n', "utf-8")
    stdin(json.dumps(GIVEN))
    assert main(["--stage", "dev", "--stdin", "--file", str(file)]) == 0
    assert "callwright/dev/business/feed-key" in capsys.readouterr().out
    assert held(aws, "business/feed-key")["current"]
    stdin("{}")
    assert main(["--stage", "dev", "--stdin", "--rotate", "openai-api-key"]) == 2
    assert "what is made here is stream-token" in capsys.readouterr().err


def test_who_may_not_read_the_store_fills_the_stage_s_own(
    aws: Any,
    stdin: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Forbidden(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(403)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Forbidden)
    threading.Thread(target=server.serve_forever).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    try:
        stdin(json.dumps(GIVEN))
        assert main(["--stage", "dev", "--stdin"]) == 0
    finally:
        server.shutdown()
        server.server_close()
    assert "business files are not read: AWS refused GetObject" in capsys.readouterr().err
    assert held(aws, "stripe-api-key")["current"] == GIVEN["stripe-api-key"]


def test_without_a_region_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_REGION", "us-east-1")  # boto3 reads the other one alone
    assert main(["--stage", "dev", "--from-env"]) == 1
    said = capsys.readouterr().err
    assert "no AWS region: set `region` of the stage in cdk.json, or AWS_DEFAULT_REGION" in said
