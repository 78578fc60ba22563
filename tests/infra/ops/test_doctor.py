"""`make doctor`: one list of what is in the way, before a deployment finds it out by failing."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.config import ApiDomain, Domain, Stage
from infra.ops import doctor
from infra.ops.checks.finding import Finding
from infra.ops.checks.here import BY_API, Machine, own_names_lead_here, this_machine
from infra.ops.doctor import Patient, examine, told
from infra.ops.stage import Aws
from infra.ops.vault import Vault
from shared.businesses import BadBusiness, all_businesses
from shared.domain.business import Business
from shared.domain.integrations import Integrations
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
                answered_by=lambda url, header: False,
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


def test_what_a_business_file_names_can_wait_and_is_told(shop: Shop) -> None:
    named = Integrations.model_validate({"feed": "feed-key", "calendars": {"a": {"busy": "cal"}}})
    mine = shop.businesses["mine"]
    shop.businesses = {"mine": mine.model_copy(update={"integrations": named})}
    shop.vault.store("business/feed-key", "f" * 32)
    assert lines(shop, "business/feed-key") == [
        "ok         callwright/dev/business/feed-key (mine)"
    ]
    assert lines(shop, "business/cal") == [
        "soon       callwright/dev/business/cal (mine): empty: make secrets STAGE=dev"
    ]
    shop.vault.store("business/cal", "no address")
    assert "does not look like an https address" in lines(shop, "business/cal")[0]
    assert not shop.blocked()


def test_a_live_key_in_dev_is_in_the_way_and_not_shown(shop: Shop) -> None:
    shop.vault.store("stripe-api-key", "sk_live_abcdefgh12345678")
    assert "stripe-api-key: stage dev takes a test key" in shop.blocked()
    assert "abcdefgh" not in shop.blocked()


def test_no_region_is_told_with_what_to_set(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nowhere:
        region_name = None

    shop.session = Nowhere()
    assert "AWS region: none: set `region` of stage dev in cdk.json" in shop.blocked()
    assert any("the rest of AWS" in str(finding) for finding in shop.findings("unseen"))


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


@pytest.mark.parametrize(("in_use", "leads", "deployed", "said"), [
    (True, False, True, "NOT READY  {}: it does not lead here: make it a CNAME of target.aws"),
    (True, True, True, "ok         {}: in use"),
    (True, True, False, "NOT READY  {}: it does not lead here: deployed first"),
    (False, False, True, "soon       {}: not in use yet: make it a CNAME of target.aws"),
    (False, False, False, "soon       {}: not in use yet: deployed first, then a CNAME"),
    (False, True, True, "soon       {}: it leads here: set {field}.in_use and deploy"),
])  # fmt: skip
@pytest.mark.parametrize(("field", "kind", "output", "header"), [
    ("api_domain", ApiDomain, "ApiDomainTarget", "apigw-requestid"),
    ("domain", Domain, "DomainTarget", "x-amz-cf-id"),
])  # fmt: skip
def test_an_own_name_is_used_only_once_it_leads_here(
    shop: Shop, in_use: bool, leads: bool, deployed: bool, said: str,
    field: str, kind: type[ApiDomain | Domain], output: str, header: str,
) -> None:  # fmt: skip
    own = kind(name="pay.callwright.dev", certificate_arn=OWN_ARN, in_use=in_use)
    stage = shop.stage.model_copy(update={field: own})
    asked = (OWN_URL, header)
    machine = replace(shop.patient.machine, answered_by=lambda *given: leads and given == asked)
    outputs = {output: "target.aws"} if deployed else {}
    (finding,) = own_names_lead_here(stage, machine, outputs)
    assert str(finding).startswith(said.format(f"{field} pay.callwright.dev", field=field))


OWN_URL = "https://pay.callwright.dev/"


def test_a_number_that_asks_our_own_domain_is_ours(shop: Shop) -> None:
    own = ApiDomain(name="pay.callwright.dev", certificate_arn=OWN_ARN)
    shop.stage = shop.stage.model_copy(update={"api_domain": own})
    shop.services.account.own("+19375550235", voice_url=f"{OWN_URL}incoming")
    mine = shop.businesses["mine"]
    shop.businesses = {"mine": mine.model_copy(update={"numbers": ("+19375550235",)})}
    (line,) = lines(shop, "0235")
    assert line.startswith("ok")


@pytest.mark.parametrize(("header", "leads"), [("Apigw-Requestid", True), ("X-Parked", False)])
@pytest.mark.parametrize("status", [200, 404])
def test_an_address_leads_to_the_api_when_an_api_answers_there(
    header: str, leads: bool, status: int
) -> None:
    """Whoever parks unused names answers them, too."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            self.send_header(header, "x")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        assert this_machine().answered_by(url, BY_API) is leads
        thread.join()
    assert this_machine().answered_by(url, BY_API) is False


class Saying:
    """A session in which some services are others."""

    def __init__(self, session: Any, **clients: Any) -> None:
        self._session, self._clients = session, clients

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def client(self, name: str) -> Any:
        return self._clients.get(name) or self._session.client(name)


class Mail:
    """SES: `verified` identities, in its sandbox or out of it."""

    def __init__(self, *verified: str, sandbox: bool = False, refuses: str = "") -> None:
        self._verified, self._sandbox, self._refuses = verified, sandbox, refuses

    def get_email_identity(self, EmailIdentity: str) -> dict[str, bool]:  # noqa: N803
        if self._refuses or EmailIdentity not in self._verified:
            code = self._refuses or "NotFoundException"
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "GetEmailIdentity")
        return {"VerifiedForSendingStatus": True}

    def get_account(self) -> dict[str, bool]:
        return {"ProductionAccessEnabled": not self._sandbox}


@pytest.mark.parametrize(("mail", "said"), [
    (Mail(), "NOT READY  SES: de…@callwright.dev: not verified"),
    (Mail("callwright.dev"), "ok         SES: mail to the office and on-call"),
    (Mail("desk@callwright.dev", sandbox=True),
     "NOT READY  SES: mail to the office and on-call: the account is in SES's sandbox: request "
     "production access, or verify of…@shop.example, on…@shop.example"),
    (Mail("desk@callwright.dev", "shop.example", sandbox=True),
     "ok         SES: mail to the office and on-call: in SES's sandbox, and all of them are"),
    (Mail(refuses="AccessDeniedException"),
     "cannot see SES: de…@callwright.dev: AWS refused GetEmailIdentity: AccessDeniedException"),
])  # fmt: skip
def test_with_texts_off_mail_must_reach_the_office(shop: Shop, mail: Mail, said: str) -> None:
    mine = {
        "texts": "off",
        "office_email": "office@shop.example",
        "on_call_email": "on@shop.example",
    }
    shop.businesses = {"mine": shop.businesses["mine"].model_copy(update=mine)}
    shop.stage = shop.stage.model_copy(update={"mail_from": "desk@callwright.dev"})
    shop.session = Saying(shop.session, sesv2=mail)
    assert lines(shop, "SES")[-1].startswith(said)


class Quotas:
    """Service Quotas and EC2 for elastic addresses: so many allowed, these taken."""

    def __init__(self, allowed: float | None, *stages: str | None) -> None:
        self._allowed = allowed
        self._taken = [{"Tags": _tags(stage)} if stage else {} for stage in stages]

    def get_service_quota(self, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803
        if self._allowed is None:
            no = {"Error": {"Code": "AccessDenied", "Message": ""}}
            raise ClientError(no, "GetServiceQuota")
        return {"Quota": {"Value": self._allowed if ServiceCode == "ec2" else 100.0}}

    def describe_addresses(self) -> dict[str, Any]:
        return {"Addresses": self._taken}


def _tags(stage: str) -> list[dict[str, str]]:
    return [{"Key": "project", "Value": "callwright"}, {"Key": "stage", "Value": stage}]


@pytest.mark.parametrize(("quotas", "state"), [
    (Quotas(5.0), "ok"),
    (Quotas(5.0, None, None, None, None), "NOT READY"),
    (Quotas(5.0, None, None, None, "dev", "dev"), "ok"),  # deployed before: the two are ours
    (Quotas(5.0, None, None, None, "prod", "prod"), "NOT READY"),
    (Quotas(None), "cannot see"),
])  # fmt: skip
def test_nats_want_elastic_addresses(shop: Shop, quotas: Quotas, state: str) -> None:
    shop.session = Saying(shop.session, **{"service-quotas": quotas, "ec2": quotas})
    assert lines(shop, "elastic") == []
    shop.stage = shop.stage.model_copy(update={"egress": "nat"})
    (line,) = lines(shop, "elastic")
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
