"""One account: who answers at a number, and where a recording is kept."""

from services.simulator.phone.account import KeptRecordings, People, TwilioAccount
from services.simulator.scenarios.scenario import OnCall


def test_whoever_is_named_answers_and_everybody_else_as_said() -> None:
    people = People({"+15551110000": OnCall(answers="accepts")})
    people.everybody_else = OnCall(answers="declines")

    assert people.at("+15551110000").answers == "accepts"
    assert people.at("+15552220000").answers == "declines"


def test_a_recording_is_kept_under_the_sid_in_its_address() -> None:
    account = TwilioAccount("AC1", "token", api_url="http://rest")
    recordings = KeptRecordings(account)
    address = recordings.keep(b"\xff")
    folder, _, sid = address.rpartition("/")

    assert folder == "http://rest/2010-04-01/Accounts/AC1/Recordings"
    assert recordings.audio[sid] == b"\xff"
