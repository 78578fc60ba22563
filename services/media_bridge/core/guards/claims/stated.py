"""A question as the statement a yes to it makes: "are you a person" is "i am a person"."""

import re

from services.media_bridge.core.guards.claims.sentences import PlainSentence, sentences

_ASKS = re.compile(
    r"^ (?:(?:so|and|okay|ok|but|wait|then|now|just to confirm|to be clear|,) )*(?:(is|are|was|"
    r"will|would|can|could|do|does|did|have|has|am) (it|that|this|the estimate|the visit|the "
    r"deposit|i|you|he|she|they|we|there|my \w+|the \w+) )?"
)
_AUXILIARY = frozenset(("do", "does", "can", "could", "would"))


def stated(caller_last: str) -> PlainSentence | None:
    """The last of the caller's sentences, said by the agent; None where they said nothing."""
    said = sentences(caller_last)
    if not said:
        return None
    asked = said[-1]
    found = _ASKS.match(asked.text)
    assert found is not None, "it matches a blank, with which every sentence begins"
    rest = asked.text[found.end() :]
    if found[1] is None:
        turned = {"i am": "you are", "you are": "i am"}
        text = re.sub(r"^ (i am|you are)(?= )", lambda said: f" {turned[said[1]]}", f" {rest}")
        return PlainSentence(text, asked.numbers, False)
    who = {"i": "you", "you": "i"}.get(found[2], found[2])
    verb = found[1]
    if found[2] in ("i", "you"):
        verb = {"am": "are", "are": "am"}.get(verb, verb)
    verb = "have" if verb == "did" else "" if verb in _AUXILIARY else verb
    return PlainSentence(f" {who} {verb} {rest}".replace("  ", " "), asked.numbers, False)
