"""How a model that should read a sentence does not: the drills of a session without tools."""

from typing import Literal

Misreading = Literal["rewords", "truncates", "adds"]


def misread(text: str, how: Misreading) -> str:
    """Return what is said in place of `text`."""
    words = text.split()
    if how == "truncates":
        return " ".join(words[: len(words) // 2]) + "."
    if how == "adds":
        return f"Sure, here it is. {text}"
    for full, short in (("I am", "I'm"), ("You are", "You're"), ("you are", "you're")):
        if full in text:
            return text.replace(full, short)
    return " ".join(["So,", *words[1:]])
