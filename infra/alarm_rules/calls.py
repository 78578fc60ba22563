"""Whether callers are answered and, where they should, reach a person."""

from infra.alarm_rules.rule import DAY, HOUR, MINUTE, AwsMetric, OwnMetric, Route, Rule, filled

ANSWER_SLOW_MS = 5_000  # Twilio gives up after 15 s
SERVICE_LEVEL = 0.999


ANSWERING: tuple[Rule, ...] = (
    Rule(
        "CallsNotAnswered",
        "callers",
        "Twilio's webhooks fail: callers get the number's fallback, or silence.",
        "the log of the incoming function, then the API's access log by status.",
        {
            "refused": AwsMetric("AWS/ApiGateway", "5xx", "api"),
            "errors": AwsMetric("AWS/Lambda", "Errors", "incoming"),
            "throttles": AwsMetric("AWS/Lambda", "Throttles", "incoming"),
        },
        filled("{refused} + {errors} + {throttles}", "refused", "errors", "throttles"),
        period_s=MINUTE,
        # Two of three minutes would never come together at a handful of calls an hour.
        periods=15,
        breaching=2,
    ),
    Rule(
        "WebhooksBroken",
        "callers",
        "A webhook of Twilio's raised; the caller was sent to a person at once.",
        "the log of the incoming function: 'webhook broke' names path and kind.",
        {"broken": OwnMetric("WebhooksBroken")},
        period_s=MINUTE,
        periods=15,
        breaching=2,
    ),
    Rule(
        "AnswerSlow",
        "callers",
        "Callers hear ringing for seconds: the answer to /incoming is late.",
        "duration and init duration of the incoming function; did a secret time out?",
        # Of this one route: /voicemail, say, sends texts, and nobody waits for them.
        {"latency": AwsMetric("AWS/ApiGateway", "Latency", "answering", "p95")},
        comparison=">",
        threshold=ANSWER_SLOW_MS,
        period_s=15 * MINUTE,
    ),
    Rule(
        "RequestsThrottled",
        "callers",
        "The API answers 429: a flood, and Twilio's own requests may be among the refused.",
        "the API's access log by address and route; who is it?",
        {"refused": AwsMetric("Callwright/Api", "RequestsThrottled", "throttled")},
        period_s=MINUTE,
    ),
    Rule(
        "FallbackUsed",
        "page",
        "Twilio asked the static fallback: our webhook did not answer (measured in us-east-1).",
        "CallsNotAnswered; then Twilio's recordings, for messages that were left there.",
        {"asked": AwsMetric("AWS/CloudFront", "Requests", "fallback")},
    ),
    Rule(
        "StreamsNotStarted",
        "callers",
        "Calls were answered with TwiML, and no media stream came to a bridge.",
        "CloudFront and the balancer's target health, then TokensRejected and CallsRefused.",
        {"served": OwnMetric("TwimlServed"), "started": OwnMetric("StreamStarted")},
        # A caller who hangs up in the first second is one that never started.
        filled(
            "IF({served} - {started} >= 2 AND {served} - {started} > 0.05 * {served}, 1, 0)",
            "served",
            "started",
        ),
        period_s=15 * MINUTE,
    ),
    Rule(
        "SyntheticCallMissing",
        "callers",
        "The hourly call to ourselves was not answered as it should be, twice running.",
        "the log of the synthetic-call function names the step that went wrong.",
        {"answered": OwnMetric("SyntheticCallsAnswered")},
        comparison="<",
        period_s=HOUR,
        periods=2,
        missing="is bad",
    ),
    Rule(
        "NumberUnknown",
        "page",
        "A caller was told that the number is not in service: no business file has it.",
        "the number in Twilio's log of the call named in the log of the incoming function.",
        {"unknown": OwnMetric("CallsToUnknownNumber")},
    ),
    Rule(
        "NoCalls",
        "ticket",
        "Not one call in a day.",
        "does the number still point at us? make connect prints what it would change.",
        {"served": OwnMetric("TwimlServed")},
        comparison="<",
        period_s=DAY,
        missing="is bad",
    ),
)


def _burning(name: str, route: Route, hours: int, times: float, what: str) -> Rule:
    """The service level: 99.9 % of the calls are answered, by the agent or a person, in 12 s.

    Of 30 days' error budget, `times` its even pace is used up: SRE workbook, "Alerting on SLOs".
    One call alone never tells: at ten calls an hour it would be a hundred times the pace.
    """
    return Rule(
        name,
        route,
        f"In {what} {times:g} times as many callers as may be were not answered within 12 s.",
        "the calls that failed, and whether CallersAffected goes off as well.",
        {"served": OwnMetric("TwimlServed"), "answered": OwnMetric("CallsAnswered")},
        filled(
            "IF({served} - {answered} >= 2 AND {served} - {answered} > "
            f"{times * (1 - SERVICE_LEVEL):.4f} * {{served}}, 1, 0)",
            "served",
            "answered",
        ),
        period_s=hours * HOUR,
        section="ServiceLevel",
    )


LEVEL: tuple[Rule, ...] = (
    _burning("ServiceLevelFast", "page", 1, 14.4, "an hour"),
    _burning("ServiceLevelSlow", "ticket", 6, 6, "six hours"),
    _burning("ServiceLevelLong", "ticket", 24, 3, "a day"),
)


REACHING_A_PERSON: tuple[Rule, ...] = (
    Rule(
        "EscalationFailed",
        "page",
        "A caller wanted a person, and nobody on call took the call.",
        "the calls row with escalation.result nobody or voicemail; call the caller back.",
        {"failed": OwnMetric("EscalationFailed")},
    ),
    Rule(
        "EmergencyUnhandled",
        "page",
        "A caller reported a danger, and no text reached anybody, or nobody asked has taken it.",
        "the calls row with a hazard and no acknowledged_at: call the caller, then on-call, now.",
        {
            "detected": OwnMetric("EmergencyDetected"),
            "handled": OwnMetric("EmergencyHandled"),
            "unanswered": OwnMetric("EmergencyUnanswered"),
        },
        filled(
            "IF({detected} - {handled} >= 1 OR {unanswered} >= 1, 1, 0)",
            "detected",
            "handled",
            "unanswered",
        ),
    ),
    Rule(
        "CallbacksOverdue",
        "ticket",
        "Somebody was to be called back by now, and nobody has said that it was done.",
        "make callbacks: call them, then mark it done.",
        {"overdue": OwnMetric("CallbacksOverdue")},
        period_s=15 * MINUTE,
    ),
)


STRANGERS: tuple[Rule, ...] = (
    Rule(
        "SignaturesRejected",
        "ticket",
        "Many requests that Twilio did not sign: a stranger, or our token is wrong.",
        "is anything answered at all? If not, the auth token was rotated without us.",
        {"refused": OwnMetric("CallsRejectedSignature")},
        comparison=">",
        threshold=10,
    ),
    Rule(
        "TokensRejected",
        "ticket",
        "Streams with a used, expired or forged token, or a table that did not answer.",
        "reason in the bridge's log: unavailable is ours, used or forged is a stranger.",
        {"refused": OwnMetric("CallsRejectedToken")},
        threshold=3,
    ),
)

CALL_RULES = (*ANSWERING, *LEVEL, *REACHING_A_PERSON, *STRANGERS)
