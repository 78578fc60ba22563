"""Prints what was graded: a table, JSON, and a page for each call that failed or was disturbed."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.evals.conversation.grading.aims import Aim
from tests.evals.conversation.grading.grade import Grade
from tests.evals.conversation.grading.tally import Tally, pass_1, pass_k
from tests.evals.conversation.stage.played import Played
from tests.evals.report import Row

MOST_CAUSES = 10


def lines(tally: Tally, asked: Sequence[Aim], *, verbose: bool) -> Iterator[str]:
    """One model's report."""
    scenarios = {grade.scenario for grade in tally.grades}
    yield f"{tally.model} model: {len(scenarios)} scenarios, {len(tally.grades)} calls"
    width = max(len(name) for name in (*tally.by_class(), "words of a turn, p50 / p90 / longest"))
    for name, grades in tally.by_class().items():
        yield f"  {name:{width}}  {_pair(pass_1(grades))}   {_pair(pass_k(grades))}"
    every = "all that can be served"
    yield f"  {every:{width}}  {_pair(pass_1(tally.built))}   {_pair(pass_k(tally.built))}"
    yield from (f"  {row.name:{width}}  {_share(row)}" for row in tally.shares())
    yield from (f"  misfire: {row.name:{width - 9}}  {_share(row)}" for row in tally.misfires())
    yield from (f"  falsehood: {row.name:{width - 11}}  {_share(row)}" for row in tally.lies())
    yield from _length_lines(tally, width)
    yield f"  {'a booked call costs, p50 / p90':{width}}  {_cost(tally)}"
    yield from (f"  aim: {aim.name:{width - 5}}  {_aim(aim)}" for aim in asked)
    if verbose:
        yield from _causes(tally)


def _aim(aim: Aim) -> str:
    said = "-" if aim.figure is None else f"{aim.figure:.3g}"
    sign = "at most" if aim.at_most else "at least"
    return f"{said} ({sign} {aim.limit:g}){'' if aim.is_met else '  MISSED'}"


def _pair(row: Row) -> str:
    return f"{row.name} {_share(row)}"


def _share(row: Row) -> str:
    low, high = row.interval
    share = "    -" if row.share is None else f"{row.share:.3f}"
    return f"{share} ({row.hits} of {row.of}; 95 %: {low:.3f} to {high:.3f})"


def _length_lines(tally: Tally, width: int) -> Iterator[str]:
    told = {
        name: "-" if value is None else f"{value:.1f}" for name, value in tally.lengths().items()
    }
    for name, keys in (
        ("booked after, s, p50 / p90", ("booked_s_p50", "booked_s_p90")),
        ("booked calls, s, p50 / p90", ("call_s_p50", "call_s_p90")),
        ("agent's words / questions, p50", ("agent_words_p50", "questions_p50")),
        (
            "words of a turn, p50 / p90 / longest",
            ("turn_words_p50", "turn_words_p90", "turn_words_max"),
        ),
        ("first word, s, p50 / p95", ("first_word_s_p50", "first_word_s_p95")),
        ("behind a tool, s, p50 / p95", ("behind_a_tool_s_p50", "behind_a_tool_s_p95")),
    ):
        yield f"  {name:{width}}  {' / '.join(told[key] for key in keys)}"


def _cost(tally: Tally) -> str:
    told = {name: "-" if usd is None else f"{usd:.2f}" for name, usd in tally.costs().items()}
    parts = ", ".join(f"{part} {told[f'{part}_usd_p50']}" for part in ("model", "phone", "texts"))
    return f"{told['call_usd_p50']} / {told['call_usd_p90']} dollars by list prices ({parts})"


def _causes(tally: Tally) -> Iterator[str]:
    yield "  what went wrong, most frequent first:"
    wrong = Counter(
        each for grade in tally.built for each in (*grade.wrong, *grade.unsaid, *grade.forbidden)
    )
    for cause, count in wrong.most_common(MOST_CAUSES):
        yield f"    {count:3} x {cause}"
    for grade in tally.grades:
        where = f"{grade.scenario} {grade.seed}"
        yield from (f"    {where}: {misfire.kind}: {misfire.why}" for misfire in grade.misfires)
        yield from (f"    {where}: twice: {each}" for each in grade.twice)
        yield from (f"    {where}: flagged: {each}" for each in grade.flagged)


# -- JSON -----------------------------------------------------------------------------------------


def as_json(tallies: Sequence[tuple[Tally, Sequence[Aim]]]) -> str:
    return json.dumps([_tally(*each) for each in tallies], indent=1, ensure_ascii=False)


def _tally(tally: Tally, asked: Sequence[Aim]) -> dict[str, Any]:
    return {
        "model": tally.model,
        "classes": {
            name: {"pass_1": _row(pass_1(grades)), "pass_k": _row(pass_k(grades))}
            for name, grades in tally.by_class().items()
        },
        "pass_1": _row(pass_1(tally.built)),
        "pass_k": _row(pass_k(tally.built)),
        "shares": [_row(row) for row in tally.shares()],
        "misfires": [_row(row) for row in tally.misfires()],
        "falsehoods": [_row(row) for row in tally.lies()],
        "lengths": tally.lengths(),
        "costs_usd": tally.costs(),  # an estimate, by list prices
        "aims": [
            {"name": aim.name, "figure": aim.figure, "limit": aim.limit, "met": aim.is_met}
            for aim in asked
        ],
        "calls": [_call(grade) for grade in tally.grades],
    }


def _row(row: Row) -> dict[str, Any]:
    shown = {"name": row.name, "hits": row.hits, "of": row.of, "share": row.share}
    return shown | {"interval_95": row.interval}


def _call(grade: Grade) -> dict[str, Any]:
    return {
        "scenario": grade.scenario,
        "class": grade.counted_as,
        "seed": grade.seed,
        "needs": grade.needs,
        "passed": grade.passed,
        "wrong": grade.wrong,
        "forbidden": grade.forbidden,
        "unsaid": grade.unsaid,
        "figures": grade.figures,
        "missing_flags": grade.missing_flags,
        "misfires": [{"kind": m.kind, "why": m.why} for m in grade.misfires],
        "flagged": grade.flagged,
        "falsehoods": grade.lies,
        "completed": grade.completed,
        "booked": grade.booked,
        "length_s": grade.length_s,
        "booked_s": grade.booked_s,
        "agent_words": grade.words,
        "questions": grade.questions,
        "turn_words": grade.turns,
        "protocol_errors": grade.protocol_errors,
        "recitals": grade.recitals,
        "begun_again": grade.begun_again,
        "wordings_twice": grade.twice,
        "cost_usd": {
            "model": grade.cost.model,
            "phone": grade.cost.phone,
            "texts": grade.cost.texts,
        },
    }


# -- pages ----------------------------------------------------------------------------------------


def write_page(folder: Path, grade: Grade, played: Played) -> None:
    """A page in `folder` with what was wrong and the transcript, for a call that failed or was
    disturbed."""
    scenario = played.scenario
    wrong = [
        *(f"row: {each}" for each in grade.wrong),
        *(f"heard: {each}" for each in grade.forbidden),
        *(f"not said: {each}" for each in grade.unsaid),
        *(f"misfire, {each.kind}: {each.why}" for each in grade.misfires),
        *(f"falsehood, {kind}: {fate}" for kind, fate in grade.lies if fate == "let through"),
    ]
    end = played.end.reason if played.end is not None else "never"
    told = [
        f"# {scenario.id} {scenario.title}, {grade.model} model, run {grade.seed}",
        "",
        *(f"* {each}" for each in wrong),
        f"* ended: {end}, after {grade.length_s:.0f} s",
        "",
        *(f"    {each.at_ms / 1000:7.1f}  {each.who:6}  {each.text}" for each in played.lines),
        "",
    ]
    name = f"{grade.model}-{scenario.id}-{grade.seed}.md"
    (folder / name).write_text("\n".join(told), "utf-8")
