"""The conversation benchmark: a part of it played, and that what it measures can be missed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import process_time

import pytest

from services.simulator.receptionist import Act, Say, Use
from tests.evals.conversation.__main__ import MODELS, SCENARIOS, main, own, played
from tests.evals.conversation.agents.mind import PARAPHRASES
from tests.evals.conversation.agents.paraphraser import Paraphraser
from tests.evals.conversation.call import MakesAgent, play
from tests.evals.conversation.grading.grade import Grade, grade
from tests.evals.conversation.grading.tally import Tally, pass_1, pass_k
from tests.evals.conversation.meaning import Ask, Meaning
from tests.evals.conversation.random_calls import invented
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.topics import topics
from tests.evals.conversation.wordings import read

# One of each kind; those of which a guard makes something else today are left to `make evals`.
PLAYED = (
    *("spec", "H02", "H04", "H08", "H09", "H14", "P01", "P10", "D01", "N02", "N04", "N11"),
    *("N15", "H20"),
)
LONGEST_CPU_S = 60

CONTACT_GIVEN = {
    "problem": "my sink is clogged",
    "name": "Ann Lee",
    "phone": "+19375550101",
    "address": "12 Oak St, Springfield",
    "zip": "45503",
}
BY_ID = {scenario.id: scenario for scenario in own()}


@pytest.fixture(scope="module")
def tally() -> Tally:
    return played([BY_ID[each] for each in PLAYED], "paraphrasing", 1)


def graded(scenario: Scenario, makes: MakesAgent, seed: int = 1) -> Grade:
    return grade(play(scenario, makes, seed), "made for this test", seed)


class Changed(Paraphraser):
    """The paraphrasing model with something changed in what it says and does."""

    def __init__(self, change: Callable[[Act], Act], understands: object, chance: Random) -> None:
        super().__init__(understands, chance)  # type: ignore[arg-type]
        self._change = change

    def respond(self, one_off: str | None = None) -> list[Act]:
        return [self._change(act) for act in super().respond(one_off)]


def changed(change: Callable[[Act], Act]) -> MakesAgent:
    return lambda understands, chance: Changed(change, understands, chance)


def in_arguments(name: str, value: object) -> MakesAgent:
    """A model that books with one argument of its own."""

    def change(act: Act) -> Act:
        if isinstance(act, Use) and act.name == "book_appointment":
            return Use(act.name, {**act.arguments, name: value})
        return act

    return changed(change)


# -- what is played ------------------------------------------------------------------------------


@pytest.mark.parametrize("which", PLAYED)
def test_a_scenario_ends_with_the_rows_it_should(tally: Tally, which: str) -> None:
    (found,) = (each for each in tally.grades if each.scenario == which)

    assert found.wrong == []
    assert found.forbidden == []
    assert found.protocol_errors == []
    assert found.completed


def test_fourteen_calls_take_less_than_a_minute_of_cpu() -> None:
    began = process_time()
    played([BY_ID[each] for each in PLAYED], "paraphrasing", 1)

    assert process_time() - began < LONGEST_CPU_S


def test_the_same_seed_gives_the_same_call_and_another_another() -> None:
    first, again, other = (play(BY_ID["H02"], Paraphraser, seed) for seed in (1, 1, 2))

    assert first.lines == again.lines
    assert first.lines != other.lines


def test_the_receptionist_books_too() -> None:
    call = play(BY_ID["P03"], MODELS["receptionist"], 1)

    assert grade(call, "receptionist", 1).booked


def test_nobody_hears_a_figure_that_no_tool_returned_from_a_model_that_lies() -> None:
    """The price of a model that means ill is cut before it is heard whole."""
    lies = [
        fate
        for seed in range(1, 9)
        for scenario in (BY_ID["H02"], BY_ID["E01"], BY_ID["P04"])
        for kind, fate in grade(play(scenario, MODELS["adversarial"], seed), "x", seed).lies
        if kind == "price_early"
    ]

    assert lies
    assert "let through" not in lies


def test_every_invented_caller_can_be_booked() -> None:
    assert len({scenario.opening for scenario in invented(200)}) > 25
    assert all(scenario.expected.jobs_created == 1 for scenario in invented(200))
    tally = played(invented(5, seed=3), "paraphrasing", 1)

    assert [each.booked for each in tally.grades] == [True] * 5


# -- that it can be missed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("service_type", "maintenance", "job service_type: maintenance, not repair"),
        ("is_emergency", True, "job is_emergency: True, not False"),
    ],
)
def test_a_wrong_row_is_seen(name: str, value: object, says: str) -> None:
    found = graded(BY_ID["H02"], in_arguments(name, value))

    assert says in found.wrong
    assert not found.passed


@pytest.mark.parametrize(
    ("name", "value"),
    [("customer_name", "Somebody Else"), ("address", "1 Main Street, Springfield")],
)
def test_what_the_caller_denies_when_it_is_read_to_them_is_never_booked(
    name: str, value: object
) -> None:
    found = graded(BY_ID["H02"], in_arguments(name, value))

    assert "jobs created: 0, not 1" in found.wrong
    assert not found.wrong_row


def test_a_call_that_books_nothing_fails() -> None:
    def no_booking(act: Act) -> Act:
        is_booking = isinstance(act, Use) and act.name == "book_appointment"
        return Use("add_note", {"note": "x"}) if is_booking else act

    found = graded(BY_ID["H02"], changed(no_booking))

    assert not found.booked
    assert "jobs created: 0, not 1" in found.wrong


def test_what_may_not_be_said_is_heard() -> None:
    def boasts(act: Act) -> Act:
        if isinstance(act, Say) and act.text.startswith("Thanks"):
            return act
        return Say(f"You're all set for everything. {act.text}") if isinstance(act, Say) else act

    found = graded(BY_ID["N11"], changed(boasts))

    assert any(each.startswith("says booked before it is") for each in found.forbidden)


def test_figures_that_must_be_said_are_missed() -> None:
    def no_quote(act: Act) -> Act:
        asks = isinstance(act, Use) and act.name == "get_pricing_quote"
        return Say("That depends.") if asks else act

    said, wanted = graded(BY_ID["P10"], changed(no_quote)).figures

    assert wanted == 3
    assert said < 3


def test_long_turns_and_questions_are_counted() -> None:
    plain = graded(BY_ID["P01"], Paraphraser)
    wordy = graded(
        BY_ID["P01"],
        changed(lambda act: Say(f"{'Well ' * 30}{act.text}") if isinstance(act, Say) else act),
    )

    assert wordy.words >= plain.words + 30 * 3
    assert max(wordy.turns) >= max(plain.turns) + 10
    assert wordy.length_s > plain.length_s
    assert plain.questions >= 4


def test_a_needless_evacuation_is_a_misfire() -> None:
    scenario = BY_ID["H02"].model_copy(update={"opening": "i smell gas at the furnace"})

    assert "evacuated" in {each.kind for each in graded(scenario, Paraphraser).misfires}


def test_a_scenario_counts_as_passed_every_time_only_if_it_was() -> None:
    once = graded(BY_ID["H02"], Paraphraser)
    never = graded(BY_ID["H02"], in_arguments("customer_name", "X"), seed=2)

    assert (pass_1([once, never]).hits, pass_1([once, never]).of) == (1, 2)
    assert (pass_k([once, never]).hits, pass_k([once, never]).of) == (0, 1)
    assert pass_k([once, never]).name == "pass^2"


# -- the scenarios -------------------------------------------------------------------------------


def test_there_are_sixty_scenarios_and_more_of_all_trades() -> None:
    businesses = {scenario.business for scenario in own()}
    kinds = {scenario.kind for scenario in own()}

    assert sum(not scenario.needs for scenario in own()) >= 60
    assert len(businesses) == 3
    assert len(kinds) >= 20
    assert "" not in kinds


def test_every_number_in_a_scenario_is_a_fictional_one() -> None:
    text = "".join(path.read_text("utf-8") for path in SCENARIOS.glob("*.json"))
    numbers = re.findall(r"\+1(\d{10})|\b(\d{3}-\d{3}-\d{4})\b", text)

    assert numbers
    assert all("555" in f"{e164}{dashed}"[:7] for e164, dashed in numbers)


def test_callers_understand_every_question_of_the_model() -> None:
    """Else a call would be lost to the benchmark's own deafness."""
    gaps = dict.fromkeys(
        (*("phone", "address", "name", "first", "second", "visit", "deposit", "total"),
         *("low", "high", "window", "business", "wrong")),
        "Monday, May 4th, 8 to 10 AM",
    )  # fmt: skip
    said = [line.format(**gaps) for lines in read(PARAPHRASES).values() for line in lines]
    asked = [line for line in said if line.endswith("?")]

    assert len(asked) > 90
    assert [line for line in asked if not topics(line)] == []


# -- the command ---------------------------------------------------------------------------------


def test_a_file_is_graded_as_json_and_its_failures_have_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = BY_ID["P01"].model_dump(mode="json")
    wrong["expected"]["customer"]["name"] = "Somebody Else"
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"schema": {}, "scenarios": [wrong]}))
    pages = tmp_path / "pages"

    arguments = ["--file", str(path), "--model", "paraphrasing", "--runs", "1"]
    assert main([*arguments, "--json", "--failures", str(pages)]) == 0
    (report,) = json.loads(capsys.readouterr().out)

    assert report["calls"][0]["wrong"] == ["customer name: June Abbott"]
    assert report["aims"] == []
    page = (pages / "paraphrasing-P01-1.md").read_text()
    assert "* row: customer name: June Abbott" in page
    assert "my kitchen sink is backed up" in page


def test_the_table_tells_class_and_interval(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "N04", "--model", "paraphrasing", "--runs", "2", "-v"]) == 0
    printed = capsys.readouterr().out

    assert "paraphrasing model: 1 scenarios, 2 calls" in printed
    assert re.search(r"person +pass\^1 1\.000 \(2 of 2; 95 %: 0\.342 to 1\.000\)", printed)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("nope", "no JSON"),
        ("[]", "a list of scenarios is wanted"),
        ('{"scenarios": [{"id": "S1"}]}', "scenario 1 (id S1), field title: Field required"),
        ('{"scenarios": [7]}', "scenario 1"),
        ('[{"id": "../etc"}]', "scenario 1 (id ../etc), field id"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(
    content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content)

    assert main(["--file", str(path)]) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_a_business_that_there_is_not_and_an_id_twice_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = BY_ID["P01"].model_dump(mode="json")
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps([one | {"business": "nobody"}]))
    assert main(["--file", str(path)]) == 2
    assert "(id P01): no business nobody" in capsys.readouterr().err
    path.write_text(json.dumps([one, one]))
    assert main(["--file", str(path)]) == 2
    assert "the id P01 stands more than once" in capsys.readouterr().err
    assert main(["--file", str(tmp_path / "none.json")]) == 2
    assert main(["--only", "P01", "--failures", str(path)]) == 2
    assert "File exists" in capsys.readouterr().err
    assert main(["--only", "NOBODY"]) == 2
    assert "no scenario is called NOBODY" in capsys.readouterr().err


# -- a model in a session with other tools ---------------------------------------------------------


def test_a_model_uses_the_tools_it_is_given_instead_of_its_own_words() -> None:
    """With confirm_details in the session it reads nothing back; with report_danger it reports."""
    mind = Paraphraser(lambda _: Meaning(CONTACT_GIVEN, asks=(Ask.BOOK,)), Random(1))
    tools = [{"type": "function", "name": name} for name in ("confirm_details", "book_appointment")]
    mind.brief("You answer the phone.", [dict(tool) for tool in tools])
    mind.heard("my sink is clogged, it's Ann Lee, 937-555-0101, 12 Oak St")

    (use,) = (act for act in mind.respond() if isinstance(act, Use))
    assert (use.name, use.arguments["phone"]) == ("confirm_details", "+19375550101")
    mind.answered("confirm_details", '{"reading_back": true}')
    assert mind.respond() == []

    mind.answered("confirm_details", '{"confirmed": true}')
    mind.respond()
    assert mind.notes.unconfirmed == []

    told = Paraphraser(lambda _: Meaning(asks=(Ask.BOOK,), danger="gas_leak"), Random(1))
    told.brief("You answer the phone.", [{"type": "function", "name": "report_danger"}])
    told.heard("it reeks of gas in here")
    (report,) = (act for act in told.respond() if isinstance(act, Use))
    assert report.arguments == {"category": "gas_leak", "words": "it reeks of gas in here"}
