"""Whether Twilio signed a request: its HMAC over the address it asked for and the fields it sent.

https://www.twilio.com/docs/usage/security#validating-requests
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlparse

# How long Twilio waits for a webhook that a caller waits for, in ms: to connect (it tries that once
# more), for the answer, and in all; then it asks the number's fallback. Without it that is 15 s of
# silence. Twilio reads it off the address and does not send it:
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
# Of 3.2 s the tables have 1.5, and a cold start the rest: the fallback then speaks within 4.
HURRY: Final = "ct=1000&rt=3000&tt=3200"
# A caller who was not answered yet hears it ring meanwhile.
RINGS: Final = "ct=1500&rt=5000&tt=5000"


def hurried(url: str) -> str:
    """The address of a webhook that a caller waits for, as Twilio is told it."""
    return f"{url}#{RINGS if urlparse(url).path.endswith('/incoming') else HURRY}"


def signature_of(token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """What Twilio puts into X-Twilio-Signature, in base64.

    Signed is the address, and behind it the name and value of each field, sorted by name and
    then by value; a pair that comes twice is signed once.
    """
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def is_signed(
    signature: str,
    tokens: Iterable[str],
    urls: Iterable[str],
    fields: Iterable[tuple[str, str]] = (),
) -> bool:
    """Whether one of `tokens` signed `fields` for one of `urls`.

    While a token is rotated there are two; an empty one signs nothing. Every pair is tried, so
    that the time taken does not tell which of them matched.
    """
    given = signature.encode("utf-8", "surrogatepass")
    addresses, pairs = list(urls), list(fields)
    matches = [
        hmac.compare_digest(signature_of(token, url, pairs).encode(), given)
        for token in tokens
        if token
        for url in addresses
    ]
    return any(matches)


def with_and_without_port(url: str) -> tuple[str, str]:
    """`url` without a port and with one (443 of https, else 80): Twilio may have signed either."""
    parts = urlparse(url)
    if parts.port:
        bare = parts._replace(netloc=parts.netloc.split(":")[0])
        return bare.geturl(), parts.geturl()
    port = 443 if parts.scheme == "https" else 80
    return parts.geturl(), parts._replace(netloc=f"{parts.netloc}:{port}").geturl()
