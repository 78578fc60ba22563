"""`make doctor`: one list of what is in the way, before a deployment finds it out by failing."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.config import ApiDomain, Stage
from infra.ops import doctor
from infra.ops.checks.finding import Finding
from infra.ops.checks.here import Machine
from infra.ops.doctor import Patient, examine, told
from infra.ops.stage import Aws
from infra.ops.vault import Vault
from shared.businesses import BadBusiness, all_businesses
from shared.domain.business import Business
from tests.infra.ops.conftest import SID
from tests.infra.ops.outside_world import Account, Form, serving

pytestmark = pytest.mark.stack

NOW = datetime(2026, 11, 26, tzinfo=UTC)
PHONE = "+19375550234"
KEYS = {
    "openai-api-key": "sk-proj-abcdefgh12345678",
    "twilio-auth-token": "0123456789abcdef0123456789abcdef",
    "stripe-api-key": "sk_test_abcdefgh12345678",
    "stream-token": "a-stream-token-of-forty-characters-and-more",
}


class Services:
    """Twilio's, OpenAI's and Stripe's answers by path, on one address."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.answers: dict[str, tuple[int, Any]] = {
            "/v1/DialingPermissions/Countries/US": (200, {"low_risk_numbers_enabled": True}),
            "/v1/Services": (200, {"services": [{"sid": "MG1"}]}),
            "/v1/Services/MG1/Compliance/Usa2p": (
                200,
                {"compliance": [{"campaign_status": "VERIFIED"}]},
            ),
            "/v1/models/gpt-realtime-2.1": (200, {"id": "gpt-realtime-2.1"}),
            "/v1/models/gpt-transcribe": (200, {"id": "gpt-transcribe"}),
            "/v1/checkout/sessions": (200, {"data": []}),
            "/v1/account": (200, {"charges_enabled": True}),
        }

    def answer(self, method: str, path: str, fields: Form, key: str) -> tuple[int, dict[str, Any]]:
        if "IncomingPhoneNumbers" in path:
            return self.account.answer(method, path, fields, key)
        status, body = self.answers.get(path, (404, {}))
        return status, body


class Shop:
    """A shop that could deploy today; a test takes one thing away."""

    def __init__(self, aws: Any, vault: Vault, url: str, services: Services) -> None:
        self.session, self.vault, self.url, self.services = aws, vault, url, services
        self.stage = Stage(name="dev", twilio_account_sid=SID, region="us-east-1")
        self.docker: int | None = 0
        self.known_names: set[str] = set()
        self.processor = "aarch64"
        coolcare = all_businesses()["coolcare_hvac"]
        self.businesses = {"mine": coolcare.model_copy(update={"id": "mine", "numbers": (PHONE,)})}
        for name, value in KEYS.items():
            vault.store(name, value)
        aws.client("ssm").put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value="27", Type="String", Overwrite=True
        )
        services.account.own(PHONE)

    @property
    def patient(self) -> Patient:
        return Patient(
            Aws(self.stage, self.session),
            Machine(
                self.processor,
                self._run,
                Path("/nowhere"),
                resolves=lambda name: name in self.known_names,
            ),
            dict.fromkeys(doctor.BASES.values(), self.url),
            lambda: self.businesses,
            NOW,
        )

    def _run(self, command: Sequence[str]) -> int | None:
        return self.docker

    def findings(self, state: str) -> list[Finding]:
        return [finding for finding in examine(self.patient) if finding.state == state]

    def blocked(self) -> str:
        """What is in the way, as one text."""
        return "\n".join(str(finding) for finding in self.findings("blocked"))


@pytest.fixture
def shop(aws: Any, vault: Vault) -> Iterator[Shop]:
    services = Services(Account(SID, KEYS["twilio-auth-token"]))
    with serving(services) as url:
        yield Shop(aws, vault, url, services)


def test_nothing_is_in_the_way_of_a_shop_that_has_everything(shop: Shop) -> None:
    said: list[str] = []
    assert told(shop.patient, said.append), said
    assert said[-1] == "stage dev is ready"
    assert not any(value in line for line in said for value in (*KEYS.values(), PHONE))


def test_what_cannot_be_seen_is_said_with_where_to_look(shop: Shop) -> None:
    unseen = "\n".join(str(finding) for finding in shop.findings("unseen"))
    assert "texts to the United States: console" in unseen


def test_examples_are_in_the_way(shop: Shop) -> None:
    shop.stage = Stage(name="dev", twilio_account_sid="AC" + "0" * 32, region="us-east-1")
    shop.businesses = dict(all_businesses())
    assert "has examples: twilio_account_sid" in shop.blocked()
    assert "only examples" in shop.blocked()


def test_a_business_file_that_is_wrong_is_told(shop: Shop) -> None:
    def broken() -> dict[str, Business]:
        raise BadBusiness("mine.toml: office: no number")

    patient = Patient(shop.patient.aws, shop.patient.machine, shop.patient.environ, broken, NOW)
    found = [str(finding) for finding in examine(patient) if finding.state == "blocked"]
    assert found == ["NOT READY  businesses: mine.toml: office: no number"]


@pytest.mark.parametrize("status", [None, 1])
def test_docker_has_to_run(shop: Shop, status: int | None) -> None:
    shop.docker = status
    assert "Docker: it does not run here" in shop.blocked()


def test_another_processor_has_to_emulate_the_images(shop: Shop) -> None:
    shop.processor = "x86_64"
    assert "tonistiigi/binfmt --install arm64" in shop.blocked()


@pytest.mark.parametrize("name", KEYS)
def test_a_secret_that_is_empty_is_in_the_way(shop: Shop, aws: Any, name: str) -> None:
    aws.client("secretsmanager").delete_secret(
        SecretId=f"callwright/dev/{name}", ForceDeleteWithoutRecovery=True
    )
    assert f"callwright/dev/{name}: empty: make secrets STAGE=dev" in shop.blocked()


def test_a_live_key_in_dev_is_in_the_way_and_not_shown(shop: Shop) -> None:
    shop.vault.store("stripe-api-key", "sk_live_abcdefgh12345678")
    assert "stripe-api-key: stage dev takes a test key" in shop.blocked()
    assert "abcdefgh" not in shop.blocked()


def test_no_region_is_told_with_what_to_set(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nowhere:
        region_name = None

    shop.session = Nowhere()
    assert "AWS region: none: set `region` of stage dev in cdk.json" in shop.blocked()


def test_an_account_that_was_not_bootstrapped_is_told(shop: Shop, aws: Any) -> None:
    aws.client("ssm").delete_parameter(Name="/cdk-bootstrap/hnb659fds/version")
    assert "CDK bootstrap: npx cdk bootstrap aws://ACCOUNT/us-east-1" in shop.blocked()


def test_a_mail_that_was_not_confirmed_is_told_and_masked(shop: Shop, aws: Any) -> None:
    shop.stage = shop.stage.model_copy(update={"page": ("oncall@callwright.dev",)})
    topic = aws.client("sns").create_topic(Name="callwright-dev-page")["TopicArn"]
    try:
        assert any("not subscribed" in str(each) for each in shop.findings("later"))
        aws.client("sns").subscribe(
            TopicArn=topic, Protocol="email", Endpoint="oncall@callwright.dev"
        )
        told = [str(each) for each in examine(shop.patient) if "alarms: page" in each.what]
        assert told and "on…@callwright.dev" in told[0] and "oncall" not in told[0]
    finally:
        aws.client("sns").delete_topic(TopicArn=topic)


def test_a_number_that_is_somebody_elses_is_in_the_way(shop: Shop) -> None:
    shop.services.account.numbers.clear()
    assert "Twilio number …0234 of mine: it is not a number of Twilio account" in shop.blocked()


def test_calls_that_may_not_be_placed_are_in_the_way(shop: Shop) -> None:
    path = "/v1/DialingPermissions/Countries/US"
    shop.services.answers[path] = (200, {"low_risk_numbers_enabled": False})
    assert "nobody could be rung: Voice, Settings, Geo permissions" in shop.blocked()


def test_a_registration_under_review_can_wait_until_callers_come(shop: Shop) -> None:
    path = "/v1/Services/MG1/Compliance/Usa2p"
    shop.services.answers[path] = (200, {"compliance": [{"campaign_status": "IN_PROGRESS"}]})
    assert any("in_progress: no text" in str(each) for each in shop.findings("later"))


@pytest.mark.parametrize(
    ("ends", "state"), [("2026-12-20", "later"), ("2027-06-01", "ok"), (None, "ok"), ("x", "ok")]
)
def test_a_model_that_ends_within_two_months_is_told(
    shop: Shop, ends: str | None, state: str
) -> None:
    shop.services.answers["/v1/models/gpt-realtime-2.1"] = (200, {"shutdown_date": ends})
    (found,) = [each for each in examine(shop.patient) if "gpt-realtime-2.1" in each.what]
    assert found.state == state


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_key_that_may_not_use_the_model_is_in_the_way(shop: Shop, status: int) -> None:
    shop.services.answers["/v1/models/gpt-realtime-2.1"] = (status, {})
    assert f"gpt-realtime-2.1: HTTP {status}" in shop.blocked()


def test_a_stripe_key_that_may_do_nothing_is_in_the_way_one_that_sees_little_is_not(
    shop: Shop,
) -> None:
    shop.services.answers["/v1/account"] = (403, {})
    assert shop.blocked() == ""
    shop.services.answers["/v1/checkout/sessions"] = (403, {})
    assert "Stripe: HTTP 403" in shop.blocked()


def test_the_command_says_a_stage_that_there_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert doctor.main(["--stage", "live"], {}) == 1
    assert "there is no stage 'live' in cdk.json" in capsys.readouterr().err


def test_the_list_of_replaceable_addresses_is_that_of_the_services() -> None:
    assert json.dumps(sorted(doctor.BASES)) == json.dumps(
        ["openai", "stripe", "twilio", "twilio_messaging", "twilio_voice"]
    )


def lines(shop: Shop, word: str) -> list[str]:
    return [str(finding) for finding in examine(shop.patient) if word in str(finding)]


def test_the_model_that_writes_down_words_is_asked_about_too(shop: Shop) -> None:
    shop.services.answers["/v1/models/gpt-transcribe"] = (200, {"shutdown_date": "2026-12-24"})
    (line,) = lines(shop, "gpt-transcribe")
    assert line.startswith("soon") and "2026-12-24" in line


def test_a_service_that_does_not_answer_says_nothing_of_the_model(shop: Shop) -> None:
    shop.services.answers["/v1/models/gpt-realtime-2.1"] = (503, {})
    (line,) = lines(shop, "gpt-realtime-2.1")
    assert line.startswith("cannot see") and "503" in line


def test_a_number_of_another_stage_is_told_with_what_would_take_it(shop: Shop) -> None:
    shop.services.account.own("+19375550235", voice_url="https://staging.example/incoming")
    mine = shop.businesses["mine"]
    shop.businesses = {"mine": mine.model_copy(update={"numbers": ("+19375550235",)})}
    (line,) = lines(shop, "0235")
    assert line.startswith("soon") and "TAKE_OVER=1" in line


OWN_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/x"


@pytest.mark.parametrize(
    ("in_use", "known", "state"),
    [
        (True, False, "NOT READY"),
        (True, True, "ok"),
        (False, False, "soon"),
        (False, True, "soon"),
    ],
)
def test_an_own_domain_is_used_only_once_its_name_leads_here(
    shop: Shop, in_use: bool, known: bool, state: str
) -> None:
    own = ApiDomain(name="pay.callwright.dev", certificate_arn=OWN_ARN, in_use=in_use)
    shop.stage = shop.stage.model_copy(update={"api_domain": own})
    shop.known_names = {"pay.callwright.dev"} if known else set()
    (line,) = lines(shop, "api_domain")
    assert line.startswith(state)


def test_with_texts_off_the_sender_of_mails_must_be_verified(shop: Shop) -> None:
    mine = shop.businesses["mine"]
    silent = mine.model_copy(update={"texts": "off", "office_email": "office@callwright.dev"})
    shop.businesses = {"mine": silent}
    assert "mail_from is missing" in shop.blocked()
    shop.stage = shop.stage.model_copy(update={"mail_from": "desk@callwright.dev"})
    assert "not verified" in shop.blocked()
    ses = shop.session.client("sesv2")
    ses.create_email_identity(EmailIdentity="callwright.dev")
    try:
        told_of = lines(shop, "SES")
        assert told_of and "not verified" not in " ".join(told_of)
    finally:
        ses.delete_email_identity(EmailIdentity="callwright.dev")
