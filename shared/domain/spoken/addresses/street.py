"""The street of an address, read by a grammar: direction, name, suffix, direction.

    [N] Oak St [NW]      [W] US Hwy 50 [E]      Avenue of the Stars      S 500 E      Broadway

A street may be written with commas behind it or without; without them its end has to be found.
"""

import re
from dataclasses import dataclass

from shared.domain.spoken.addresses.numbered_roads import numbered_road, road_class
from shared.domain.spoken.addresses.postal import (
    CORE,
    DIRECTIONS,
    SUFFIXES,
    TOWNS_BEGIN,
    USUAL,
    word_set,
)
from shared.domain.spoken.addresses.words import plain_word, titled


@dataclass(frozen=True, slots=True)
class Street:
    """A street in the post's short form; what it has not is empty."""

    predirectional: str = ""
    name: str = ""
    suffix: str = ""
    postdirectional: str = ""

    def __str__(self) -> str:
        parts = (self.predirectional, self.name, self.suffix, self.postdirectional)
        return " ".join(part for part in parts if part)


_PREFIXES = word_set("calle via camino avenida paseo rue corte caminito cerrada placita")
_LINKS = word_set("de del la las los el al of the y du des")
_BARE = word_set("broadway main bowery boardwalk embarcadero esplanade elm")
_SAINTS = word_set(
    "albans andrew andrews ann anne anthony augustine bernard charles clair cloud francis gabriel "
    "george helena helens henry ignace jacob james joe john johns johnsbury joseph lawrence leo "
    "louis marys mary martin martinville matthews michael michaels paris paul pauls peter peters "
    "petersburg regis robert rose simons stephen stephens thomas"
)
# Towns that begin with a direction said in full: "Oak Road, North Little Rock".
_DIRECTED = {
    "north": word_set(
        "adams andover arlington attleboro augusta aurora babylon bay beach bend bergen "
        "bethesda branch brunswick canton charleston chicago college haven hempstead highlands "
        "hills hollywood huntingdon kansas kingstown las lauderdale lewisburg liberty little logan "
        "manchester mankato miami muskegon myrtle oaks ogden olmsted orange palm plainfield platte "
        "pole port potomac providence reading richland ridgeville royalton salt smithfield "
        "tonawanda vernon wales wildwood wilkesboro"
    ),
    "south": word_set(
        "amboy bend boston burlington charleston daytona el elgin euclid fulton gate hadley "
        "haven holland houston jordan kingstown lake lyon milwaukee ogden orange padre pasadena "
        "pittsburg plainfield point portland river salt san shore sioux vienna windsor zanesville"
    ),
    "east": word_set(
        "aurora bernard bethany brunswick canton chicago cleveland dubuque elmhurst fishkill "
        "grand greenwich hampton hanover hartford haven helena lansing liberty liverpool "
        "longmeadow los meadow moline northport orange palestine palo peoria point providence "
        "ridge rochester rockaway rutherford saint st stroudsburg syracuse tawas wenatchee windsor"
    ),
    "west": word_set(
        "allis babylon bend branch bloomfield bountiful bridgewater burlington caldwell "
        "carrollton chester chicago columbia covina des fargo frankfort hartford haven haverstraw "
        "hazleton hollywood hempstead islip jefferson jordan lafayette liberty linn long memphis "
        "mifflin milton milwaukee monroe new nyack orange palm plains point portsmouth richland "
        "sacramento saint seneca springfield st union valley warwick wendover yarmouth yellowstone"
    ),
}


def street(words: list[str], *, alone: bool) -> tuple[Street, int]:
    """The street that `words` begin with, and how many of them it is.

    `alone`: behind these words came a comma, so that they hold no town. They do hold no unit.
    """
    plain = [plain_word(word) for word in words]
    pre = 1 if _directed(plain) else 0
    direction = DIRECTIONS[plain[0]] if pre else ""
    named = words[pre:], plain[pre:]
    found = numbered_road(*named) or _prefixed(*named, alone=alone) or _grid(*named)
    if found is not None:
        name, suffix, at = found[0], "", pre + found[1]
    else:
        at, is_suffix = _end(plain, pre, alone=alone)
        suffix = SUFFIXES[plain[at - 1]] if is_suffix else ""
        name = titled(words[pre : at - 1 if is_suffix else at])
        if not is_suffix and at - pre > 1 and plain[at - 1] in DIRECTIONS:
            at -= 1  # "123 West 5th North"
            name = titled(words[pre:at])
    after = at < len(plain) and _goes_with_street(words, plain, at, name, alone=alone)
    post = DIRECTIONS[plain[at]] if after else ""
    return Street(direction, name, suffix, post), at + (1 if after else 0)


def _directed(plain: list[str]) -> bool:
    """Whether the first word is a direction, and not the name: "North St", "E St NW"."""
    if len(plain) < 2 or plain[0] not in DIRECTIONS or road_class(plain):
        return False
    if len(plain) == 2:
        return plain[1] not in SUFFIXES or SUFFIXES[plain[1]] not in USUAL
    if SUFFIXES.get(plain[1]) not in USUAL or road_class(plain[1:]):
        return True
    if plain[1] in ("st", "dr"):
        return any(SUFFIXES.get(word) in CORE for word in plain[2:])
    return plain[2] in SUFFIXES and not (plain[2] == "st" and plain[3:4] and plain[3] in _SAINTS)


def _prefixed(words: list[str], plain: list[str], *, alone: bool) -> tuple[str, int] | None:
    """ "Avenue of the Stars", "Avenue B", "Calle del Sol": the kind of street comes first."""
    if len(plain) < 2:
        return None
    avenue = plain[0] in ("avenue", "ave", "boulevard", "court", "plaza", "way") and (
        plain[1] == "of" and len(plain) > 2
    )
    if plain[0] in ("avenue", "ave", "av") and re.fullmatch(r"[a-z]|\d{1,3}", plain[1]):
        lettered = plain[1] not in DIRECTIONS or len(plain) == 2
        return (f"{SUFFIXES[plain[0]]} {words[1].upper()}", 2) if lettered else None
    if not avenue and plain[0] not in _PREFIXES:
        return None
    if alone:
        ends = len(plain)
        if SUFFIXES.get(plain[-1]) in CORE:
            return None  # "Via Verde Drive"
    else:
        if any(SUFFIXES.get(word) in CORE for word in plain[2:5]):
            return None
        ends = 1
        while ends < len(plain) - 1 and plain[ends] in _LINKS:
            ends += 1
        ends += 1
    return titled(words[:ends]), ends


def _grid(words: list[str], plain: list[str]) -> tuple[str, int] | None:
    """ "500 E" of "1234 S 500 E": streets of a grid have a number and a direction."""
    numbered = len(plain) >= 2 and plain[0].isdigit() and plain[1] in DIRECTIONS
    if numbered and (len(plain) == 2 or SUFFIXES.get(plain[2]) not in USUAL):
        return words[0].strip(".,"), 1
    return None


def _end(plain: list[str], pre: int, *, alone: bool) -> tuple[int, bool]:
    """How many words the street has up to its suffix, and whether it has one."""
    suffixes = [at for at in range(pre + 1, len(plain)) if _may_end(plain, pre, at)]
    core = [at for at in suffixes if SUFFIXES[plain[at]] in CORE]
    usual = [at for at in suffixes if SUFFIXES[plain[at]] in USUAL]
    bare = plain[pre : pre + 1] and plain[pre] in _BARE and pre + 1 not in usual
    if bare and not core and not alone:
        return pre + 1, False
    if core:
        return _chain(plain, core[-1]) + 1, True
    if usual:
        return (usual[-1] if alone else _chain(plain, usual[0])) + 1, True
    # "Blackhawk 305 Chicago": behind a name a number is a unit.
    number = next((at for at in range(pre + 1, len(plain)) if plain[at].isdigit()), len(plain))
    if alone:
        last = len(plain) - 1
        return (len(plain), True) if last in suffixes else (number, False)
    if plain[pre:] and re.fullmatch(r"\d+(?:st|nd|rd|th)?", plain[pre]):
        return pre + 1, False  # "Southwest 229th Aloha"
    towns = ("fort", "ft", "mount", "mt", "port")
    if weak := [at for at in suffixes if plain[at] not in towns or at + 1 == len(plain)]:
        return _chain(plain, weak[0]) + 1, True
    return number, False


def _may_end(plain: list[str], pre: int, at: int) -> bool:
    """Whether word `at` may be the street's suffix: "St" before a saint may be none."""
    if plain[at] not in SUFFIXES or plain[pre:at] == ["the"]:
        return False  # "The Green"
    if plain[at] == "st" and at + 1 < len(plain) and plain[at + 1] in _SAINTS:
        before = any(plain[i] in SUFFIXES for i in range(pre + 1, at))
        return not before
    return True


def _chain(plain: list[str], at: int) -> int:
    """Suffix after suffix: the last of them is the street's, unless it begins a town."""
    while at + 1 < len(plain) and plain[at + 1] in SUFFIXES:
        following = plain[at + 1]
        if following in TOWNS_BEGIN or SUFFIXES[following] not in USUAL:
            break
        if following == "st" and at + 2 < len(plain):
            break
        if road_class(plain[at + 1 :]):
            break  # "Englewood Road Route 776": two names of one road
        at += 1
    return at


def _goes_with_street(
    words: list[str], plain: list[str], at: int, name: str, *, alone: bool
) -> bool:
    """Whether the direction behind the street is its own, or begins the town: "W Palm Beach"."""
    if plain[at] not in DIRECTIONS or not name:
        return False
    following = plain[at + 1] if at + 1 < len(plain) else ""
    if alone or not following or name.isdigit():
        return True
    short = DIRECTIONS[plain[at]]
    full = next(word for word, code in DIRECTIONS.items() if code == short)
    if plain[at] == full or words[at].endswith("."):
        return following not in _DIRECTED.get(full, frozenset())
    return True
