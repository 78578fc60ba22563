"""Any other text is a note of the visit and the office's to read; a caller's link is never ours."""

from tests.unit.functions.incoming.phone_company import OFFICE
from tests.unit.functions.incoming.webhooks.texts.test_moving import FRIDAY_8, REGULAR
from tests.unit.functions.incoming.webhooks.texts.texter import Texter


def test_the_words_go_to_the_one_visit_and_to_the_office(sarah: Texter) -> None:
    sarah.books()
    for _ in range(2):
        sarah.says("Gate code is 4411, see https://evil.example/x", sid="SM" + "1" * 32)
    (note,) = sarah.job().notes
    assert note.startswith("Texted Aug 28: Gate code is 4411") and "http" not in note
    (told,) = sarah.phone.world.texts.to(OFFICE)
    assert told.endswith("(noted on job job1)") and "evil.example" not in told


def test_of_several_visits_the_office_decides(sarah: Texter) -> None:
    sarah.books()
    sarah.books("job2", start=FRIDAY_8, **REGULAR)
    sarah.says("Gate code is 4411")
    assert sarah.job().notes == () and sarah.job("job2").notes == ()
    assert "Gate code is 4411" in sarah.phone.world.texts.to(OFFICE)[0]


def test_with_the_jobs_down_the_words_still_reach_the_office(sarah: Texter) -> None:
    sarah.phone.world.jobs.down = True
    assert "the office has your message" in str(sarah.says("R"))
    assert len(sarah.phone.world.texts.to(OFFICE)) == 1
