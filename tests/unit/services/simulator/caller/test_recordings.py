"""The callers' recordings: every line some scenario wants is there, and nothing else."""

import pytest

from services.simulator.caller.recordings import FOLDER, MissingRecording, Recordings, index
from services.simulator.caller.recordings.render import unused, wanted
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.scenarios.scenario import load
from services.simulator.speech import Speech, open_speech

TEXT = open_speech("text")
LIMIT_BYTES = 4_000_000


def test_every_wording_of_every_scenario_is_recorded() -> None:
    assert [line for line in wanted() if Recordings(line[0]).missing((line[1],))] == []


def test_no_recording_lies_about_unused() -> None:
    assert unused() == []


def test_the_index_lists_them_all_with_their_length() -> None:
    entries = index()

    assert [(entry["voice"], entry["text"]) for entry in entries] == wanted()
    for entry in entries:
        assert (FOLDER / str(entry["file"])).stat().st_size // 8 == entry["ms"]


def test_they_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*/*.ulaw")) < LIMIT_BYTES


def test_a_line_without_a_recording_names_the_command_that_makes_it() -> None:
    with pytest.raises(MissingRecording, match=r"'Never said\.': run .*render\.py"):
        Recordings("af_heart").sound("Never said.")


def test_a_caller_without_her_recordings_does_not_even_ring() -> None:
    scenario = load("spec").model_copy(update={"voice": "af_nobody"})
    sounding = Speech("voice", TEXT.transcriber, TEXT.voice, TEXT.open_ears)

    with pytest.raises(MissingRecording, match="scenario spec: voice af_nobody has not recorded"):
        ScriptedCaller(scenario, sounding, print)
