"""Whether Twilio sent a webhook: its signature over the URL it was told and every field it sent."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl

from shared.domain.twilio_signature import is_signed, with_and_without_port

HEADER = "X-Twilio-Signature"
_CALL_SID = re.compile(r"[A-Za-z0-9]{1,64}")
LARGEST = 64 * 1024  # bytes; a real webhook has two thousand
MOST_FIELDS = 400
# By one account of them, Twilio adds these once it has signed; by another it signs them.
LATE_FIELDS = frozenset({"StirVerstat", "CallToken"})


class Form:
    """The fields of a request, in order, a name perhaps more than once."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self._fields = tuple(fields)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self._fields))

    def __len__(self) -> int:
        return len(self._fields)

    def getall(self, name: str) -> list[str]:
        """Every value of `name`, which may come twice."""
        return [value for key, value in self._fields if key == name]

    def get(self, name: str) -> str:
        """The first value of `name`, "" where there is none: absent and blank mean the same."""
        return next((value for key, value in self._fields if key == name), "")

    def without(self, names: frozenset[str]) -> "Form":
        """The fields of other names."""
        return Form([(name, value) for name, value in self._fields if name not in names])


def form_of(body: str | None, *, is_base64: bool) -> Form | None:
    """The form in a request's body; None when it is none, or far too large."""
    raw = (body or "").encode("utf-8", "surrogatepass")
    if is_base64:
        try:
            raw = base64.b64decode(raw, validate=True)
        except (binascii.Error, ValueError):
            return None
    if len(raw) > LARGEST:
        return None
    try:
        # Blank fields are signed too.
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return Form(pairs)


def names_a_call(form: Form) -> bool:
    """Whether its CallSid can be one: rows are kept under it."""
    return _CALL_SID.fullmatch(form.get("CallSid")) is not None


def names_a_text(form: Form) -> bool:
    """The same of a text's MessageSid."""
    return _CALL_SID.fullmatch(form.get("MessageSid")) is not None


def query_of(raw_query: str) -> Form:
    """The query string as fields; an endless one is as good as none."""
    try:
        return Form(parse_qsl(raw_query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return Form(())


def signed_part(
    form: Form | None, url: str, signature: str | None, *, tokens: Sequence[str], account_sid: str
) -> Form | None:
    """What of `form` Twilio signed: all of it, or all but LATE_FIELDS; None where it signed
    neither. What it did not sign is gone: anyone may have written that."""
    if form is None:
        return None
    sure = form.without(LATE_FIELDS)
    for part in (form, sure) if len(sure) < len(form) else (form,):
        if is_from_twilio(part, url, signature, tokens=tokens, account_sid=account_sid):
            return part
    return None


def is_from_twilio(
    form: Form, url: str, signature: str | None, *, tokens: Sequence[str], account_sid: str
) -> bool:
    """True when one of our `tokens` signed `form` for `url`, and it is our account's.

    `url` is the configured one, never a Host header: behind API Gateway host, stage and scheme
    are not those that Twilio requested.
    """
    if not signature or not signature.isascii():
        return False
    fields = [(name, value) for name in form for value in form.getall(name)]
    signed = is_signed(signature, tokens, with_and_without_port(url), fields)
    ours = hmac.compare_digest(form.get("AccountSid").encode(), account_sid.encode())
    return signed and ours
