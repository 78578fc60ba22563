"""English words to phonemes, from the dictionaries inside the `misaki` wheel.

Only its two JSON files are read (Apache-2.0): its code would want spaCy and espeak.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_Entry = str | Mapping[str, str | None]

# misaki writes diphthongs and affricates as one letter, and no length marks; Piper was
# trained on espeak's spelling of the same sounds.
_ESPEAK = (
    ("A", "eɪ"),
    ("I", "aɪ"),
    ("O", "oʊ"),
    ("W", "aʊ"),
    ("Y", "ɔɪ"),
    ("ʤ", "dʒ"),
    ("ʧ", "tʃ"),
    ("T", "ɾ"),
    ("ᵊ", "ə"),
    ("ɜɹ", "ɜː"),
    ("əɹ", "ɚ"),
    ("ɑ", "ɑː"),
    ("ɔ", "ɔː"),
    ("ɔːɪ", "ɔɪ"),
    ("u", "uː"),
)
_LONG_I = re.compile(r"i(?=[^\s,.;:!?])")
# How these are said inside a sentence.
_WEAK = {"a": "ɐ", "the": "ðə", "to": "tə", "and": "ænd", "okay": "OkˈA"}
_VOWEL = "AIOWYaeiouæɐɑɒɔəɚɛɜɪʊʌᵻ"
_VOWEL_LETTERS = "aeiouy"
_LETTERS = (
    "a=æ b=b c=k d=d e=ɛ f=f g=ɡ h=h i=ɪ j=ʤ k=k l=l m=m n=n o=ɑ p=p q=k r=ɹ s=s t=t u=ʌ "
    "v=v w=w x=ks y=i z=z A=A I=I O=O U=u tion=ʃən ough=O eigh=A tch=ʧ dge=ʤ igh=I "
    "ch=ʧ sh=ʃ th=θ ph=f wh=w ck=k ng=ŋ qu=kw kn=n wr=ɹ gh=ɡ ce=s ci=sɪ cy=si ge=ʤ "
    "ee=i ea=i ie=i ey=i oo=u ou=W ow=O oa=O ai=A ay=A ei=A oi=Y oy=Y au=ɔ aw=ɔ ew=u "
    "ar=ɑɹ er=əɹ ir=ɜɹ or=ɔɹ ur=ɜɹ ia=iə io=iO"
)
_SPELLINGS = dict(pair.split("=") for pair in _LETTERS.split())
_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|[,.;:!?]")


class Phonemes:
    """Says how words are pronounced."""

    def __init__(self, folder: Path) -> None:
        self._words: dict[str, _Entry] = {}
        for name in ("us_silver.json", "us_gold.json"):
            self._words |= json.loads((folder / name).read_text(encoding="utf-8"))

    def of(self, text: str) -> str:
        """Return a text without figures in misaki's phonemes, with its punctuation."""
        said = ""
        for token in reversed(_TOKEN.findall(text)):
            if not token[0].isalpha():
                said = token + said
                continue
            sound = " ".join(self._sounds(token))
            if token.lower() == "the" and said.lstrip(" ˈˌ")[:1] in tuple(_VOWEL):
                sound = "ðɪ"
            said = f" {sound}{said}"
        return said.strip()

    def _sounds(self, word: str) -> Iterator[str]:
        if (weak := _WEAK.get(word.lower())) and not (len(word) == 1 and word.isupper()):
            yield weak
        elif sound := self._known(word) or self._inflected(word):
            yield sound
        elif len(parts := re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", word)) > 1:
            for part in parts:
                yield from self._sounds(part)
        elif compound := self._compound(word):
            yield compound
        elif word.isupper():
            for letter in word:
                yield self._known(letter) or ""
        else:
            yield guess(word)

    def _known(self, word: str) -> str | None:
        for form in (word, word.lower(), word.capitalize()):
            entry = self._words.get(form)
            if isinstance(entry, Mapping):
                entry = entry["DEFAULT"]
            if entry:
                return entry
        return None

    def _inflected(self, word: str) -> str | None:
        """Return the sound of a plural, possessive, past or -ing form of a known word."""
        for ending, sounds in (("'s", _s), ("s", _s), ("'", _s), ("ed", _ed), ("ing", _ing)):
            if len(word) > len(ending) + 1 and word.lower().endswith(ending):
                stem = word[: -len(ending)]
                for form in (stem, stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem):
                    if sound := self._known(form):
                        return sounds(sound)
        return None

    def _compound(self, word: str) -> str | None:
        for cut in range(len(word) - 3, 2, -1):
            head, tail = self._known(word[:cut]), self._known(word[cut:])
            if head and tail:
                return head + tail.replace("ˈ", "ˌ")
        return None


def _s(stem: str) -> str:
    if stem[-1] in "szʃʒʧʤ":
        return stem + "ᵻz"
    return stem + ("s" if stem[-1] in "ptkfθ" else "z")


def _ed(stem: str) -> str:
    if stem[-1] in "td":
        return stem + "ᵻd"
    return stem + ("t" if stem[-1] in "pkfθsʃʧ" else "d")


def _ing(stem: str) -> str:
    return stem + "ɪŋ"


def guess(word: str) -> str:
    """Return how a word no dictionary knows is probably said; good enough for most names."""
    rest = re.sub(r"[^a-z]", "", word.lower())
    # A silent e makes the vowel before it long: Blake, Stone.
    if len(rest) > 3 and rest[-1] == "e" and rest[-2] not in _VOWEL_LETTERS:
        rest = re.sub(r"([aiou])([^aeiou])e$", lambda m: m[1].upper() + m[2], rest)
    sounds: list[str] = []
    while rest:
        size = next((n for n in (4, 3, 2) if rest[:n] in _SPELLINGS and len(rest) >= n), 1)
        sounds.append(_SPELLINGS.get(rest[:size], rest[0]))
        if len(rest) > size and rest[size] == rest[size - 1] and rest[0] not in _VOWEL_LETTERS:
            size += 1  # a double consonant is one sound
        rest = rest[size:]
    said = "".join(sounds)
    said = re.sub(r"æ$", "ə", said)
    return re.sub(rf"([{_VOWEL}])", r"ˈ\1", said, count=1)


def for_piper(phonemes: str) -> str:
    """Return misaki's phonemes in the spelling Piper was trained on."""
    for ours, theirs in _ESPEAK:
        phonemes = phonemes.replace(ours, theirs)
    return _LONG_I.sub("iː", phonemes)
