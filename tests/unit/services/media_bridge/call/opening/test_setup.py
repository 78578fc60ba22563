"""What a session is told of its business."""

from datetime import date, datetime

import pytest

from services.media_bridge.call.opening.setup import (
    ModelVoice,
    call_setup,
    sentences,
    sentences_by_voice,
)
from shared.businesses import all_businesses, by_id, load
from shared.domain.calendar.hours import OpenHours
from shared.domain.fields import DAYS
from shared.domain.hazards.detect import GUIDANCE
from shared.domain.moments.english import CUT_OFF_RECORDED, OF_ANY_TRADE
from shared.domain.moments.english import DANGER_QUESTIONS as QUESTIONS
from shared.domain.moments.spanish import GUIDANCE as SPANISH
from shared.domain.stream_token import TokenClaims
from tests.examples import EVERGREEN
from tests.moments import WAITING
from tests.unit.services.media_bridge.world import CALLER, NOW, FakeClipSource

CLAIMS = TokenClaims("CA1", "coolcare_hvac", CALLER, False, 0, "n")
VOICE = ModelVoice("gpt-realtime-2.1", "marin")


@pytest.mark.parametrize("business_id", sorted(all_businesses()))
def test_every_business_gets_its_own_words_and_all_tools(business_id: str) -> None:
    business = by_id(business_id)
    assert business is not None

    setup = call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW)

    assert setup.business_name in setup.instructions
    assert setup.disclosure == business.wording.disclosure
    assert {tool["name"] for tool in setup.tools} >= {
        "get_pricing_quote",
        "check_availability",
        "book_appointment",
        "escalate_to_human",
    }
    assert setup.guidance == {str(category): words for category, words in GUIDANCE.items()}


def test_clips_come_with_the_setup_only_where_they_are_ready() -> None:
    business = by_id("coolcare_hvac")
    assert business is not None

    ready = call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW)
    bare = call_setup(business, CLAIMS, VOICE, FakeClipSource(has_clips=False), NOW)

    assert ready.disclosure_clip is not None
    assert ready.disclosure_clip.text == ready.disclosure
    assert set(ready.guidance_clips) == set(ready.guidance)
    assert (bare.disclosure_clip, bare.guidance_clips) == (None, {})


def test_the_prompt_knows_the_local_hour_and_whether_it_is_after_hours() -> None:
    business = by_id("coolcare_hvac")
    assert business is not None

    evening = call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW)
    noon = datetime.fromisoformat("2025-08-28T12:00-04:00")

    assert "07:12 PM" in evening.instructions
    assert (
        call_setup(business, CLAIMS, VOICE, FakeClipSource(), noon).instructions
        != evening.instructions
    )


def test_disclosures_are_rendered_before_anything_else() -> None:
    businesses = list(all_businesses().values())

    words = sentences(businesses)

    assert set(words[: len(businesses)]) == {b.wording.disclosure for b in businesses}
    assert set(words[len(businesses) :]) == {
        *WAITING,
        *GUIDANCE.values(),
        *SPANISH.values(),
        CUT_OFF_RECORDED,
    }


DAYTIME = OpenHours(opens=480, closes=1080)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ({"mon": (0, 1440)}, "Regular hours: Mon 00:00-24:00."),
        ({"fri": (1020, 1500)}, "Regular hours: Fri 17:00-01:00 the next day."),
        (dict.fromkeys(DAYS, (0, 1440)), "Regular hours: open day and night, every day"),
        ({}, "Regular hours: none, every visit is at after-hours rates."),
        ({"tue": (480, 1080), "mon": (480, 1050)}, "Mon 08:00-17:30, Tue 08:00-18:00."),
    ],
)
def test_the_prompt_says_the_hours_as_they_are(
    hours: dict[str, tuple[int, int]], told: str
) -> None:
    business = all_businesses()["coolcare_hvac"].model_copy(
        update={
            "holidays": (),
            "hours": {day: OpenHours(opens=a, closes=b) for day, (a, b) in hours.items()},
        }
    )

    assert told in call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW).instructions


def test_the_prompt_knows_the_holidays_that_are_near() -> None:
    business = all_businesses()["coolcare_hvac"].model_copy(
        update={
            "holidays": (date(2025, 12, 25), date(2025, 9, 1), date(2025, 7, 4)),
            "hours": {"mon": DAYTIME},
        }
    )

    said = call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW).instructions
    assert "Regular hours: Mon 08:00-18:00; closed on Monday, September 1." in said


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("always", "\nThe deposit is refundable"),
        (
            "after_hours",
            "A deposit is taken for visits after hours only. The deposit is refundable",
        ),
        ("new_customers", "A deposit is taken of new customers only"),
        ("never", "No deposit is taken."),
    ],
)
def test_the_prompt_says_of_whom_a_deposit_is_taken(rule: str, told: str) -> None:
    business = by_id("coolcare_hvac")
    assert business is not None
    card = business.card.model_copy(update={"deposit": rule})
    ruled = business.model_copy(update={"card": card})

    said = call_setup(ruled, CLAIMS, VOICE, FakeClipSource(), NOW).instructions

    assert told in said
    assert ("refundable" in said) == (rule != "never")


def test_several_trades_have_their_questions_words_and_services() -> None:
    business = load(EVERGREEN)

    setup = call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW)

    assert setup.danger_question == OF_ANY_TRADE
    assert setup.danger_questions == {t: QUESTIONS[t] for t in ("plumbing", "hvac")}
    assert setup.service_trades.keys() == business.card.services.keys()
    assert setup.service_trades["repipe"] == "plumbing"
    assert {"sump pump", "heat pump"} <= set(setup.keywords)


def test_one_trade_has_one_question() -> None:
    business = by_id("coolcare_hvac")
    assert business is not None

    setup = call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW)

    assert setup.danger_question == QUESTIONS["hvac"]
    assert (setup.danger_questions, setup.service_trades) == ({}, {})


def test_a_business_may_speak_in_a_voice_of_its_own() -> None:
    plain = all_businesses()["coolcare_hvac"]
    own = plain.model_copy(update={"voice": "cedar"})

    assert call_setup(plain, CLAIMS, VOICE, FakeClipSource(), NOW).voice == VOICE.voice
    assert call_setup(own, CLAIMS, VOICE, FakeClipSource(), NOW).voice == "cedar"
    assert set(sentences_by_voice([plain, own])) == {None, "cedar"}


def test_another_trade_asks_its_own_question_and_expects_its_own_names() -> None:
    plain = all_businesses()["coolcare_hvac"]
    wording = plain.wording.model_copy(
        update={"danger_question": "First, is anybody trapped?", "trade_names": ("torsion spring",)}
    )
    doors = plain.model_copy(update={"trade": "garage_doors", "wording": wording})

    setup = call_setup(doors, CLAIMS, VOICE, FakeClipSource(), NOW)
    assert setup.danger_question == "First, is anybody trapped?"
    assert "torsion spring" in setup.keywords and "furnace" not in setup.keywords


def test_the_prompt_says_when_no_visit_is_made_between() -> None:
    lunch = OpenHours.model_validate(["08:00", "12:00", "13:00", "17:00"])
    business = all_businesses()["coolcare_hvac"].model_copy(update={"hours": {"mon": lunch}})
    told = call_setup(business, CLAIMS, VOICE, FakeClipSource(), NOW).instructions
    assert "Regular hours: Mon 08:00-17:00 (no visits 12:00-13:00)" in told
