"""The phone in the browser, in a real one: the spec's call is booked and paid through the page."""

import wave
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from services.simulator.caller.recordings import Recordings
from services.simulator.speech import SpeechUnavailable, open_speech
from services.simulator.speech.sound import decode, silence
from tests.e2e.browser import Visitor, needs_chromium, talk_page, visitor
from tests.e2e.playing import ROOT

pytestmark = [pytest.mark.stack, needs_chromium]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def test_the_spec_s_call_is_typed_booked_answered_and_paid(tmp_path: Path) -> None:
    page = talk_page(tmp_path / "stack.json", "--text", "--speed", "2")
    with page as address, visitor() as guest:
        guest.driver.get(address)
        assert "local receptionist" in _once_ready(guest)
        guest.press("call")
        guest.hears("this call is recorded")
        guest.says("<b>My AC</b> stopped cooling and the outdoor unit is rattling.")
        guest.hears("Agent\nFirst, any gas smell, smoke")
        guest.says("Just the cooling and the noise. No smells.")
        guest.hears("May I have your name")
        guest.says("My name is Sarah Miller.")
        guest.hears("best one to reach you?")
        guest.says("Yes, it is.")
        guest.hears("service address?")
        guest.says("The address is 123 Oak Street, in Springfield, Ohio.")
        guest.hears("Agent\nSo that's Sarah Miller")
        guest.says("Yes, that's right.")
        guest.hears(
            "Agent\nAt regular hours this typically runs $300 to $800. Tonight the visit is $248"
        )
        guest.says("Yes, please.")
        _cuts_in(guest, "word for word: Would tonight", "Tonight, please.")
        guest.hears("cut short:")
        guest.hears("gate code or pets?")
        guest.says("Gate code 1234. One friendly dog.")
        guest.hears("Agent\nThen it's tonight 9 to 11 PM, $248 visit")
        guest.says("Yes, please go ahead.")
        guest.hears("Agent\nAll set for tonight 9 to 11 PM. I texted you the $206 deposit link")
        assert not guest.driver.find_elements(By.CSS_SELECTOR, "#transcript b")  # words, no markup
        guest.hears("book_appointment in")
        assert "Cut" in guest.text("transcript")
        for whose in ("Caller's phone", "Office's phone", "On-call phone"):
            guest.until(lambda whose=whose: whose in guest.text("phones"), whose)  # type: ignore[misc]
        _pays(guest)
        guest.until(lambda: "deposit paid\nyes (changed)" in guest.text("rows"), "the paid job")
        assert "$206.00" in guest.text("rows")
        _answers(guest, "Running late, thanks")
        if AXE.is_file():
            assert guest.judged(AXE) == []
        guest.press("hang-up")
        guest.until(lambda: guest.text("line") == "No call", "the end of the call")


def test_somebody_else_calls_while_one_watches(tmp_path: Path) -> None:
    with talk_page(tmp_path / "stack.json", "--text") as address, visitor() as guest:
        guest.driver.set_window_size(390, 844)
        guest.driver.get(address)
        _once_ready(guest)
        for summary in guest.driver.find_elements(By.TAG_NAME, "summary"):
            summary.click()
        guest.press("start")
        guest.hears("this call is recorded")
        if AXE.is_file():
            assert guest.judged(AXE) == []
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert guest.driver.execute_script(wide) == 0
        guest.press("hang-up")
        guest.until(lambda: guest.text("line") == "No call", "the end of the call")


@pytest.mark.voice
@pytest.mark.alone
def test_a_microphone_is_heard_and_the_caller_cuts_in(tmp_path: Path) -> None:
    try:
        open_speech("voice")
    except SpeechUnavailable as exc:
        pytest.skip(str(exc))
    spoken = tmp_path / "caller.wav"
    _record(spoken)
    arguments = (
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}%noloop",
    )  # fmt: skip
    page = talk_page(tmp_path / "stack.json", "--voice")
    with page as address, visitor(*arguments) as guest:
        guest.driver.get(address)
        _once_ready(guest)
        guest.press("call")
        guest.hears("cooling", 40)
        guest.hears("any gas smell, smoke", 30)
        guest.hears("cut short:", 30)
        guest.press("hang-up")


def _once_ready(guest: Visitor) -> str:
    guest.until(lambda: "Everything" in guest.text("who"), "the page is ready", 60)
    return guest.text("who")


def _cuts_in(guest: Visitor, moment: str, words: str) -> None:
    guest.driver.find_element(By.ID, "words").send_keys(words)
    guest.hears(moment)
    guest.hears("Agent\nLet me check the schedule.")
    began = _call_s(guest)
    guest.until(lambda: _call_s(guest) >= began + 1, "a moment of it was heard")
    guest.press("say")


def _call_s(guest: Visitor) -> int:
    minutes, seconds = guest.text("line").rpartition(" ")[2].split(":")
    return int(minutes) * 60 + int(seconds)


def _pays(guest: Visitor) -> None:
    """Open the link of the text as one does, and press the page's one button."""
    ours = guest.driver.current_window_handle
    link = guest.driver.find_element(By.CSS_SELECTOR, "a.pay")
    guest.driver.execute_script("arguments[0].click()", link)
    theirs = next(each for each in guest.driver.window_handles if each != ours)
    guest.driver.switch_to.window(theirs)
    guest.driver.find_element(By.TAG_NAME, "button").click()
    guest.driver.close()
    guest.driver.switch_to.window(ours)


def _answers(guest: Visitor, words: str) -> None:
    field = guest.driver.find_element(By.CSS_SELECTOR, ".device input")
    field.send_keys(words, "\n")
    guest.until(lambda: words in guest.text("phones"), "the answer")


def _record(path: Path) -> None:
    """The caller waits for the greeting, says what is wrong, and cuts in on the question."""
    lines = Recordings("af_heart")
    said = silence(11_000) + lines.sound("My AC stopped cooling and the outdoor unit is rattling.")
    said += silence(2_600) + lines.sound("Just the cooling and the noise. No smells.")
    with path.open("wb") as sink, wave.open(sink, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(decode(said + silence(60_000)).tobytes())
