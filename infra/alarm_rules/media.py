"""Whether bridges take the calls, and whether agent and caller hear each other."""

from infra.alarm_rules.rule import HOUR, MINUTE, AwsMetric, OwnMetric, Rule, filled
from infra.config import Stage

TURN_SLOW_MS, TURN_VERY_SLOW_MS = 1_500, 2_500
FIRST_AUDIO_SLOW_MS = 3_000


_HEALTHY = AwsMetric("AWS/ApplicationELB", "HealthyHostCount", "targets", "Minimum")

ALIVE: tuple[Rule, ...] = (
    Rule(
        "NoHealthyBridge",
        "callers",
        "No bridge takes calls: every caller is rung through to a person.",
        "the service's events and the last lines of the tasks that stopped.",
        {"healthy": _HEALTHY},
        comparison="<",
        period_s=MINUTE,
        missing="is bad",
    ),
    Rule(
        "BridgeSilent",
        "callers",
        "No bridge has written its heartbeat for minutes: it is dead, or its log is.",
        "is a task running? Then the log group: are there lines at all?",
        {"beats": OwnMetric("ActiveCalls", "SampleCount")},
        comparison="<",
        period_s=MINUTE,
        periods=3,
        missing="is bad",
    ),
)

TAKING_CALLS: tuple[Rule, ...] = (
    Rule(
        "TasksMissing",
        "ticket",
        "ECS has run fewer tasks than it wants for ten minutes.",
        "the service's events: image, secrets, capacity, health check.",
        {
            "wanted": AwsMetric("ECS/ContainerInsights", "DesiredTaskCount", "service", "Average"),
            "running": AwsMetric("ECS/ContainerInsights", "RunningTaskCount", "service", "Average"),
        },
        "wanted - running",
        period_s=MINUTE,
        periods=10,
    ),
    Rule(
        "UpgradesFailing",
        "callers",
        "The balancer or a bridge answers media upgrades with 5xx.",
        "is it the balancer (no target) or the bridge (draining, full, broken)? Its log.",
        {
            "bridge": AwsMetric("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "targets"),
            "balancer": AwsMetric("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "balancer"),
        },
        filled("{bridge} + {balancer}", "bridge", "balancer"),
        threshold=3,
    ),
    Rule(
        "CallsRefused",
        "callers",
        "A bridge was full, or stopping, and refused a call; it was rung through.",
        "active calls a task against the limit; did scaling out begin?",
        {"refused": OwnMetric("CallsRejectedCapacity")},
        period_s=MINUTE,
    ),
)


NOT_ADMITTED = Rule(
    "CallsNotAdmitted",
    "callers",
    "Callers are rung through without the agent: the model is down, a number calls again and "
    "again, or the day's budget for the model is spent.",
    "the reason in the bridge's log: model_down, calls_often or over_budget.",
    {"refused": OwnMetric("CallsNotAdmitted")},  # counted once for each cause and day
    period_s=15 * MINUTE,
)


def _slow(name: str, route: str, metric: str, limit_ms: int, what: str) -> Rule:
    return Rule(
        name,
        "callers" if route == "callers" else "ticket",
        f"{what} over {limit_ms / 1000:g} s for one in twenty.",
        "the model's latency on the dashboard, the tools' milliseconds, CPU of the tasks.",
        {"slow": OwnMetric(metric, "p95")},
        comparison=">",
        threshold=limit_ms,
        period_s=15 * MINUTE,
    )


TALKING: tuple[Rule, ...] = (
    Rule(
        "ModelErrors",
        "callers",
        "The model's sessions fail; they were opened again, or their callers sent to a person.",
        "the codes in the bridge's log and ModelReopened, then OpenAI's status page.",
        {"failed": OwnMetric("ModelSessionFailed"), "started": OwnMetric("StreamStarted")},
        filled("IF({failed} >= 2 AND {failed} > 0.02 * {started}, 1, 0)", "failed", "started"),
        period_s=15 * MINUTE,
    ),
    Rule(
        "CallsCut",
        "callers",
        "More than 5 % of the calls ended because something broke.",
        "failure in the calls rows of the last quarter of an hour.",
        {"cut": OwnMetric("CallsEndedAbnormally"), "ended": OwnMetric("CallsEnded")},
        # What a killed bridge cut never counts as ended.
        filled("IF({cut} >= 2 AND {cut} > 0.05 * {ended}, 1, 0)", "cut", "ended"),
        period_s=15 * MINUTE,
    ),
    Rule(
        "CallBroke",
        "ticket",
        "One call ended because something broke.",
        "its calls row: failure, stage, escalation. Did the caller reach a person?",
        {"cut": OwnMetric("CallsEndedAbnormally")},
    ),
    _slow("TurnsVerySlow", "callers", "TurnLatencyMs", TURN_VERY_SLOW_MS, "Answers take"),
    _slow("TurnsSlow", "ticket", "TurnLatencyMs", TURN_SLOW_MS, "Answers take"),
    _slow("FirstAudioSlow", "ticket", "FirstAudioMs", FIRST_AUDIO_SLOW_MS, "First words take"),
    Rule(
        "FiguresUnbacked",
        "ticket",
        "Three times in an hour the agent said what no tool bore out: a price, a time, a deed.",
        "those calls' turns: what was said, what the tools gave, what the caller agreed to.",
        {"said": OwnMetric("UnbackedFigures")},
        threshold=3,
        period_s=HOUR,
    ),
    Rule(
        "AudioLate",
        "ticket",
        "More than 2 % of the audio frames were late: callers hear gaps.",
        "CPU of the tasks, and active calls a task.",
        {"late": OwnMetric("FramesLate"), "sent": OwnMetric("FramesSent")},
        filled("IF({late} >= 50 AND {late} > 0.02 * {sent}, 1, 0)", "late", "sent"),
    ),
)


def media_rules(stage: Stage) -> tuple[Rule, ...]:
    """Every rule of this module; two limits are the stage's own."""
    return (*ALIVE, _reduced(stage), *TAKING_CALLS, NOT_ADMITTED, _nearly_full(stage), *TALKING)


def _reduced(stage: Stage) -> Rule:
    """Fewer bridges than the stage keeps at least."""
    return Rule(
        "BridgesReduced",
        "ticket",
        f"Fewer than {stage.bridge.min_tasks} bridges are healthy: no spare zone.",
        "the service's events: is a deployment under way, does a task not start?",
        {"healthy": _HEALTHY},
        comparison="<",
        threshold=stage.bridge.min_tasks,
        period_s=MINUTE,
        periods=5,
        missing="is bad",
    )


def _nearly_full(stage: Stage) -> Rule:
    """More calls a task than four fifths of what one may carry."""
    return Rule(
        "NearlyFull",
        "page",
        "The fullest bridge carries over 80 % of what it may.",
        "active calls a task, running tasks, and the service's max_tasks.",
        # The balancer keeps those that take calls level; one that drains only lowers an average.
        {"calls": OwnMetric("ActiveCalls", "Maximum")},
        comparison=">",
        threshold=round(0.8 * stage.bridge.max_calls_a_task, 1),
        period_s=MINUTE,
        periods=3,
    )
