"""Recordings over real sockets: the phone company of the simulator asks for the account's key."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from services.simulator.phone.network import PhoneNetwork
from services.simulator.phone.rest import RestApi
from services.simulator.speech import open_speech
from shared.adapters.twilio_recordings import TwilioRecordings
from shared.domain.errors import PortError, RecordingTooLong

ACCOUNT, TOKEN = "AC" + "1" * 32, "the account's token"
SOUND = b"\x7f" * 4000
T = TypeVar("T")


def at_twilio(do: Callable[[str, str], T]) -> T:
    """Do something with the address of the API and the id of a recording there."""

    async def run() -> T:
        network = PhoneNetwork(open_speech("text"), account_sid=ACCOUNT, auth_token=TOKEN)
        rest = RestApi(network)
        url = await rest.start()
        sid = network.recordings.keep(SOUND).rpartition("/")[2]
        try:
            return await asyncio.to_thread(do, url, sid)
        finally:
            await rest.stop()
            await network.close()

    return asyncio.run(run())


def test_a_recording_is_fetched_with_the_account_s_key() -> None:
    assert at_twilio(
        lambda url, sid: TwilioRecordings(ACCOUNT, lambda: TOKEN, api_base=url).get(sid)
    ) == (SOUND)


def test_a_wrong_key_is_a_failure_and_no_missing_recording(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(PortError, match="401"):
        at_twilio(lambda url, sid: TwilioRecordings(ACCOUNT, lambda: "old", api_base=url).get(sid))
    line = next(each for each in caplog.records if each.name.startswith("shared."))
    assert (vars(line)["code"], vars(line)["status"]) == (20003, 401)


def test_a_recording_that_was_deleted_is_none() -> None:
    gone = "RE" + "0" * 32
    assert (
        at_twilio(lambda url, _: TwilioRecordings(ACCOUNT, lambda: TOKEN, api_base=url).get(gone))
        is None
    )


def test_one_that_fits_no_answer_is_told_apart() -> None:
    with pytest.raises(RecordingTooLong):
        at_twilio(
            lambda url, sid: TwilioRecordings(
                ACCOUNT, lambda: TOKEN, api_base=url, largest=3999
            ).get(sid)
        )


def test_nobody_listening_is_a_failure() -> None:
    with pytest.raises(PortError, match="URLError"):
        TwilioRecordings(ACCOUNT, lambda: TOKEN, api_base="http://127.0.0.1:9").get("RE" + "0" * 32)


def test_a_recording_is_deleted_and_again_is_fine() -> None:
    def twice(url: str, sid: str) -> bytes | None:
        recordings = TwilioRecordings(ACCOUNT, lambda: TOKEN, api_base=url)
        recordings.delete(sid)
        recordings.delete(sid)
        return recordings.get(sid)

    assert at_twilio(twice) is None


def test_a_call_that_is_not_recorded_may_be_stopped() -> None:
    def stop(url: str, _: str) -> None:
        TwilioRecordings(ACCOUNT, lambda: TOKEN, api_base=url).stop("CA" + "0" * 32)

    at_twilio(stop)


def test_a_delete_that_twilio_refuses_is_a_failure() -> None:
    with pytest.raises(PortError, match="401"):
        at_twilio(
            lambda url, sid: TwilioRecordings(ACCOUNT, lambda: "old", api_base=url).delete(sid)
        )


def test_voicemails_are_told_from_calls_that_were_recorded_page_by_page() -> None:
    async def run() -> list[str]:
        network = PhoneNetwork(open_speech("text"), account_sid=ACCOUNT, auth_token=TOKEN)
        rest = RestApi(network)
        url = await rest.start()
        for n in range(150):
            source = "RecordVerb" if n % 50 == 0 else "StartCallRecordingTwiML"
            network.recordings.keep(SOUND, call_sid=f"CA{n}", source=source)
        try:
            recordings = TwilioRecordings(ACCOUNT, lambda: TOKEN, api_base=url)
            since = datetime.now(UTC) - timedelta(hours=1)
            found = await asyncio.to_thread(recordings.voicemails, since)
            late = await asyncio.to_thread(recordings.voicemails, since + timedelta(hours=2))
            assert late == []
            return [each.call_sid for each in found]
        finally:
            await rest.stop()
            await network.close()

    assert asyncio.run(run()) == ["CA100", "CA50", "CA0"]
