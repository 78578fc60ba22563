"""What the transcriber is told to expect."""

import pytest

from services.media_bridge.call.opening.keywords import LONGEST, MOST, keywords
from shared import businesses
from shared.domain.business import Business


def coolcare(**changes: object) -> Business:
    return businesses.all_businesses()["coolcare_hvac"].model_copy(update=changes)


def test_business_dangers_towns_and_streets_come_first_without_the_state() -> None:
    towns = ("Springfield, OH", "Yellow Springs, OH")
    words = keywords(coolcare(service_cities=towns, streets=("Dayton Pike",)))

    assert words[:6] == (
        "CoolCare HVAC",
        "carbon monoxide",
        "gas leak",
        "Springfield",
        "Yellow Springs",
        "Dayton Pike",
    )
    assert "heat exchanger" in words and "furnace" in words


@pytest.mark.parametrize("business", businesses.all_businesses().values(), ids=lambda b: b.id)
def test_every_business_has_some_and_no_word_twice(business: Business) -> None:
    words = keywords(business)

    assert 5 < len(words) <= MOST
    assert len({word.casefold() for word in words}) == len(words)


def test_a_long_list_is_cut_and_an_endless_name_left_out() -> None:
    towns = tuple(f"Town {n}, OH" for n in range(500))
    words = keywords(coolcare(name="X" * (LONGEST + 1), service_cities=towns))

    assert len(words) == MOST
    assert "carbon monoxide" in words and max(map(len, words)) <= LONGEST


def test_a_town_of_the_business_s_own_name_is_said_once() -> None:
    words = keywords(coolcare(name="Springfield", service_cities=("springfield, OH",)))

    assert [word for word in words if word.casefold() == "springfield"] == ["Springfield"]
