"""What is shown as said is what the caller heard, in the model's own words."""

from services.simulator.cli.playing.spoken import NotHeardYet


def test_a_mis_heard_line_is_the_one_that_was_said() -> None:
    spoken = NotHeardYet()
    spoken.add("Thanks, Sarah Miller. Is this number the best one to reach you?")
    said, never = spoken.heard("Thanks, sir Miller is this number the best one to reach you")
    assert said == ["Thanks, Sarah Miller. Is this number the best one to reach you?"]
    assert never == []


def test_what_was_cancelled_before_its_sound_was_never_heard() -> None:
    spoken = NotHeardYet()
    spoken.add("We fix anything for $99!")
    spoken.add("First, any gas smell, smoke, or carbon monoxide alarm right now?")
    said, never = spoken.heard("First, any gas smell, smoke, or carbon monoxide alarm right now?")
    assert never == ["We fix anything for $99!"]
    assert len(said) == 1


def test_a_pause_inside_a_sentence_is_no_second_sentence() -> None:
    spoken = NotHeardYet()
    spoken.add("Your visit is tonight from nine to eleven.")
    spoken.heard("Your visit is tonight")
    assert spoken.repeats("from nine to eleven")
    assert not spoken.repeats("a person is coming to the phone")
