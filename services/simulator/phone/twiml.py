"""TwiML, read strictly: every verb and attribute Twilio would ignore or refuse is reported."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field, replace

LARGEST = 64 * 1024
PARSE_FAILURE, ROOT_ELEMENT, SCHEMA_WARNING, TOO_LARGE = 12100, 12102, 12200, 11750

_CALLBACK = {"statusCallback", "statusCallbackMethod", "statusCallbackEvent"}
_RECORDING = {"recordingStatusCallback", "recordingStatusCallbackMethod"}
_RECORDING_ALL = _RECORDING | {"recordingStatusCallbackEvent", "trim"}
_ATTRIBUTES: dict[str, set[str]] = {
    "Response": set(),
    "Say": {"voice", "language", "loop"},
    "Play": {"loop", "digits"},
    "Pause": {"length"},
    "Redirect": {"method"},
    "Hangup": set(),
    "Reject": {"reason"},
    "Gather": {"input", "action", "method", "timeout", "numDigits", "finishOnKey"}
    | {"actionOnEmptyResult", "speechTimeout", "language", "hints", "profanityFilter"},
    "Record": {"action", "method", "timeout", "finishOnKey", "maxLength", "playBeep"}
    | {"transcribe", "transcribeCallback"}
    | _RECORDING_ALL,
    "Dial": {"action", "method", "timeout", "timeLimit", "callerId", "record", "ringTone"}
    | {"hangupOnStar", "answerOnBridge", "sequential"}
    | _RECORDING_ALL,
    "Number": {"url", "method", "sendDigits", "machineDetection"} | _CALLBACK,
    "Connect": {"action", "method"},
    "Stream": {"url", "name", "track", "statusCallback", "statusCallbackMethod"},
    "Parameter": {"name", "value"},
    "Start": set(),
    "Stop": set(),
    "Recording": {"name", "channels", "track"} | _RECORDING_ALL,
}
_CHILDREN: dict[str, set[str]] = {
    "Response": {"Say", "Play", "Pause", "Redirect", "Hangup", "Reject"}
    | {"Gather", "Record", "Dial", "Connect", "Start", "Stop"},
    "Gather": {"Say", "Play", "Pause"},
    "Dial": {"Number"},
    "Connect": {"Stream"},
    "Stream": {"Parameter"},
    "Start": {"Recording"},
    "Stop": {"Recording"},
}
_NEEDED = {"Stream": ("url",), "Parameter": ("name", "value")}


class TwimlError(ValueError):
    """Twilio cannot follow it; `code` is the number in its error log."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Verb:
    """One element: its name, attributes, text and the elements inside it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple["Verb", ...] = ()

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def or_action(self, url: str) -> "Verb":
        """Return the verb with `url` as its action where it names none: the document's own."""
        return (
            self
            if self.get("action")
            else replace(self, attributes={**self.attributes, "action": url})
        )

    def number(self, attribute: str, default: float) -> float:
        """Return a numeric attribute, or `default` where it is absent or not a number."""
        try:
            return float(self.attributes.get(attribute, default))
        except ValueError:
            return default


@dataclass(frozen=True, slots=True)
class Document:
    """What to do with a call. `warnings` are what Twilio's debugger would show."""

    url: str
    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


def parse(text: str, url: str = "") -> Document:
    """Return the document that `url` gave.

    Raises:
        TwimlError: it is not XML, not a Response, or too large.
    """
    if len(text.encode()) > LARGEST:
        raise TwimlError(TOO_LARGE, "TwiML is larger than 64 kB")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TwimlError(PARSE_FAILURE, "TwiML with a document type")
    try:
        root = ET.fromstring(text.strip())
    except ET.ParseError as exc:
        raise TwimlError(PARSE_FAILURE, f"not XML: {exc}") from exc
    if root.tag != "Response":
        raise TwimlError(ROOT_ELEMENT, f"the root element is {root.tag}, not Response")
    warnings: list[str] = []
    response = _verb(root, warnings)
    return Document(url, response.children, tuple(warnings))


def answers(text: str) -> list[str]:
    """The messages of the TwiML that a text was answered with."""
    root = ET.fromstring(text.strip())
    return [(message.text or "").strip() for message in root.findall("Message")]


def _verb(element: ET.Element, warnings: list[str]) -> Verb:
    name = element.tag
    attributes = dict(element.attrib)
    unknown = sorted(attributes.keys() - _ATTRIBUTES[name])
    missing = [needed for needed in _NEEDED.get(name, ()) if needed not in attributes]
    warnings += [f"{name} has no attribute {attribute}" for attribute in unknown]
    warnings += [f"{name} needs {attribute}" for attribute in missing]
    children = []
    for child in element:
        if child.tag in _CHILDREN.get(name, set()):
            children.append(_verb(child, warnings))
        else:
            warnings.append(f"{child.tag} is not allowed in {name}")
    return Verb(name, attributes, (element.text or "").strip(), tuple(children))
