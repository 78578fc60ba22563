"""Mentions gathered to the choices they make: days, and the times that go with them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

from shared.domain.calendar.spoken_dates.clock import Part, Times
from shared.domain.calendar.spoken_dates.days import moved
from shared.domain.calendar.spoken_dates.mentions import Mention
from shared.domain.calendar.spoken_dates.spans import Days, Now, narrowed, week_of
from shared.domain.calendar.spoken_dates.values import Instant

Said = Times | Part | Instant


@dataclass(slots=True)
class Group:
    """One choice. `within` is the week that its weekday was found in, for the next ones."""

    days: Days | None = None
    said: list[Said] = field(default_factory=list)
    joined: str = ""
    time_first: bool = False
    any_time: bool = False
    within: Days | None = None


def grouped(found: list[Mention], now: Now) -> list[Group]:
    """The choices of a wish, after its corrections."""
    groups: list[Group] = []
    named: Days | None = None  # the day that "the day after" counts from
    for part in _between_corrections(found):
        new, named = _gathered(part, named, now)
        groups = _corrected(groups, new) if groups else new
    return groups


def _between_corrections(found: list[Mention]) -> list[list[Mention]]:
    parts: list[list[Mention]] = [[]]
    for mention in found:
        if mention.corrects:
            parts.append([])
        parts[-1].append(mention)
    return parts


def _corrected(before: list[Group], after: list[Group]) -> list[Group]:
    """ "Friday at two, no, three" is still Friday, "tomorrow at two, no, Friday" still at two. A
    part of the day goes with the day that is taken back."""
    if not after:
        return before
    times = after[0].said
    if all(group.days is None for group in after):
        return [replace(group, said=times) for group in before]
    clock: list[Said] = [said for said in before[-1].said if isinstance(said, Times)]
    if clock and not any(group.said for group in after):
        return [replace(group, said=clock) for group in after]
    return after


def _gathered(
    found: list[Mention], named: Days | None, now: Now
) -> tuple[list[Group], Days | None]:
    groups: list[Group] = []
    for mention in found:
        value = mention.value
        if isinstance(value, Days):
            if value.shift and named is not None:
                value = moved(named, timedelta(days=value.shift))
            if not value.spans:
                continue
            named = value
            if not mention.refused:
                _add_days(groups, value, mention.joined, now)
        elif not mention.refused:
            _add_time(groups, value, mention.joined)
    return _shared(_without_weak(groups)), named


def _add_days(groups: list[Group], value: Days, joined: str, now: Now) -> None:
    last = groups[-1] if groups else None
    if last is None:
        groups.append(Group(value, within=_weeks(value)))
        return
    if last.days is None:
        if joined == "or" and last.said:
            groups.append(Group(value, joined=joined))
        else:
            last.days, last.time_first = value, True
        return
    if value.weak:
        last.any_time = joined != "or"  # "Friday, any time, or Saturday morning"
        return
    if last.days.weak:
        last.days = value
        return
    merged = narrowed(last.days, value, now) if _go_together(last.days, value, joined) else None
    if merged is None:
        if value.weekdays and last.within is not None and joined:
            value = narrowed(value, last.within, now) or value
        groups.append(Group(value, joined=joined or ",", within=last.within or _weeks(value)))
        return
    _merge(groups, value, merged, now)


def _merge(groups: list[Group], value: Days, merged: Days, now: Now) -> None:
    last = groups[-1]
    before = last.days
    last.days = merged
    if value.single or before is None:
        last.within = None if before is None or before.single else before
        return
    last.within = value
    # "Tuesday or Wednesday of next week" means both.
    for at in range(len(groups) - 2, -1, -1):
        days = groups[at].days
        if not groups[at + 1].joined or days is None or not days.weekdays:
            break
        groups[at].days = narrowed(days, value, now) or days


def _go_together(a: Days, b: Days, joined: str) -> bool:
    """Whether two mentions of days are one day said twice, or one that narrows the other."""
    if a.bound or b.bound:
        return joined != "or"
    if joined in ("or", "and"):
        return False
    if a.single and b.single:
        # "Friday, May 15th" and "tomorrow, Wednesday" are one day; others are two.
        return bool((a.weekdays and b.dated) or (a.dated and b.weekdays)) or _share(a, b)
    return True


def _share(a: Days, b: Days) -> bool:
    return any(span in b.spans for span in a.spans)


def _weeks(days: Days) -> Days | None:
    """The weeks that the days of "next Tuesday" are in."""
    return Days(tuple(week_of(span.first) for span in days.spans)) if days.of_week else None


def _add_time(groups: list[Group], value: Said, joined: str) -> None:
    if not groups:
        groups.append(Group(None, [value]))
        return
    last = groups[-1]
    before = last.said[-1] if last.said else None
    if (
        joined == "or"
        and isinstance(before, Times)
        and isinstance(value, Times)
        and (before.kind, value.kind) == ("around", "at")
    ):
        value = replace(value, kind="around")  # "around two or three"
    if joined == "or" and last.said:
        groups.append(Group(last.days, [value], joined="or", within=last.within))
    else:
        last.said.append(value)


def _without_weak(groups: list[Group]) -> list[Group]:
    """ "Any time" is left out where a day or a time was named as well."""
    named = [group for group in groups if group.days is not None and not group.days.weak]
    if named:
        return [group for group in groups if group.days is None or not group.days.weak]
    for group in groups:
        if group.days is not None and group.said:
            group.days = None
    return groups


def _shared(groups: list[Group]) -> list[Group]:
    """What was said once for several choices: "Friday or Saturday morning"."""
    for group, following in zip(groups[-2::-1], groups[:0:-1], strict=True):
        if group.days is None and following.joined:
            group.days = following.days
        if not (group.said or group.any_time) and following.joined and not following.time_first:
            group.said = following.said
    for before, group in pairwise(groups):
        if before.time_first and not (group.said or group.any_time) and group.joined:
            group.said, group.time_first = before.said, True
    return groups
