"""Names that several sides must agree on stand in one place."""

from services.media_bridge.call.tool_runner import METRIC_OF
from shared.schema import METRICS, ToolName
from shared.tools.dispatch import ACTIONS, ASKED_FIRST
from shared.tools.schemas import BY_NAME, TOOLS, TOOLS_TO_RESUME


def test_every_tool_has_a_schema_an_action_and_a_metric() -> None:
    names = [tool.value for tool in ToolName]

    assert list(BY_NAME) == list(ToolName)
    assert sorted(str(tool["name"]) for tool in TOOLS_TO_RESUME) == sorted(names)
    assert list(TOOLS) == [t for t in TOOLS_TO_RESUME if t["name"] != ToolName.RESUME_CALL]
    assert {*ACTIONS, *ASKED_FIRST} == set(ToolName)
    assert list(METRIC_OF) == names
    assert all(METRICS[metric] == "Milliseconds" for metric in METRIC_OF.values())


def test_a_tool_s_metric_is_named_like_the_tool() -> None:
    assert ToolName.GET_PRICING_QUOTE.duration == "GetPricingQuoteMs"
    assert ToolName.END_CALL.duration == "EndCallMs"
