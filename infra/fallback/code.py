"""What Twilio does when our webhooks do not answer: static TwiML, from CloudFront alone.

One small function at CloudFront's edge holds the numbers of every business and answers by itself:
no bucket, no Lambda, no API, no table. Pure: from the businesses to the function's code.
"""

import hashlib
import json
from collections.abc import Iterable

from shared.businesses import all_businesses
from shared.domain.business import Business

LARGEST_CODE = 10_240  # bytes that CloudFront takes of a function
DIGEST = 16

# No number is spoken or logged; a business's numbers ring all at once.
_CODE = """\
// Twilio's fallback: ring who is on call, else take a message. Twilio asks by GET, and names what
// did not answer: who was being put through already is not greeted anew.
var LINES = __LINES__;
var SAY_SORRY = 'We are sorry for the trouble. Please hold while I get someone on the line.';
var SAY_HOLD = 'Please hold while I get someone on the line.';
var SAY_LONGER = 'Please hold a moment longer.';
var SAY_NOBODY = 'Nobody can come to the phone right now. If this is an emergency, hang up and ' +
  'call 911. Otherwise please leave your name, number and what you need after the tone.';
var SAY_THANKS = 'Thank you. We will call you back. Goodbye.';

function greeting(url) {
  if (url.indexOf('after-stream') >= 0) { return SAY_HOLD; }
  return url.indexOf('handoff') >= 0 ? SAY_LONGER : SAY_SORRY;
}

function ring(base, numbers, url) {
  return '<Say>' + greeting(url) + '</Say><Dial answerOnBridge="true" timeout="25" method="GET" ' +
    'action="' + base + '-after.xml">' + '<Number>' + numbers.join('</Number><Number>') +
    '</Number></Dial>';
}

function after(base, status) {
  if (status === 'completed' || status === 'answered') { return '<Hangup/>'; }
  return '<Say>' + SAY_NOBODY + '</Say><Record maxLength="180" timeout="5" finishOnKey="#" ' +
    'playBeep="true" method="GET" action="' + base + '-thanks.xml"/>' + thanks();
}

function thanks() { return '<Say>' + SAY_THANKS + '</Say><Hangup/>'; }

function verbs(uri, query) {
  var parts = uri.match(/^(.+?)(-after|-thanks)?\\.xml$/);
  var numbers = parts ? LINES[parts[1]] : undefined;
  if (!numbers) { return undefined; }
  if (parts[2] === '-thanks') { return thanks(); }
  var status = query.DialCallStatus ? query.DialCallStatus.value : '';
  var url = query.ErrorUrl ? query.ErrorUrl.value : '';
  if (url.indexOf('voicemail') >= 0) { return thanks(); }
  return parts[2] === '-after' ? after(parts[1], status) : ring(parts[1], numbers, url);
}

function handler(event) {
  var twiml = verbs(event.request.uri, event.request.querystring);
  if (twiml === undefined) { return { statusCode: 404, statusDescription: 'Not Found' }; }
  return {
    statusCode: 200,
    statusDescription: 'OK',
    headers: { 'content-type': { value: 'text/xml' }, 'cache-control': { value: 'no-store' } },
    body: '<?xml version="1.0" encoding="UTF-8"?><Response>' + twiml + '</Response>'
  };
}
"""


class TooManyLines(Exception):
    """More businesses than one function of CloudFront can hold."""


def path_of(business: Business, account_sid: str) -> str:
    """The path of the business's TwiML, the same for ever: Twilio's number has it by heart, and
    asks it when nothing else of ours answers.

    Whoever knows it can read who is on call. It cannot be guessed from the name: the digest is of
    the Twilio account as well, which is told to nobody.
    """
    return f"{_base(business.id, f'{account_sid}|{business.id}')}.xml"


def paths(account_sid: str) -> dict[str, str]:
    """Business id -> path, for every business."""
    return {business.id: path_of(business, account_sid) for business in all_businesses().values()}


def code(businesses: Iterable[Business], account_sid: str) -> str:
    """The source of the function.

    Raises:
        TooManyLines: CloudFront would not take it.
    """
    lines = {path_of(b, account_sid).removesuffix(".xml"): list(_rung(b)) for b in businesses}
    source = _CODE.replace("__LINES__", json.dumps(lines, sort_keys=True, separators=(",", ":")))
    if len(source.encode()) > LARGEST_CODE:
        raise TooManyLines(f"{len(lines)} businesses do not fit into one function of CloudFront")
    return source


def _rung(business: Business) -> tuple[str, ...]:
    """Return whom Twilio rings, all at once: who is on call, else the office."""
    return business.on_call or (business.office,)


def _base(business_id: str, identity: str) -> str:
    return f"/fallback/{business_id}-{hashlib.sha256(identity.encode()).hexdigest()[:DIGEST]}"
