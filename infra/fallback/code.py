"""What Twilio does when our webhooks do not answer: static TwiML, from CloudFront alone.

One small function at CloudFront's edge answers by itself, with whom to ring from a KeyValueStore
beside it: no bucket, no Lambda, no API, no table. Pure: the function's code, and what the store
holds of a business, which `make connect` and publishing put there.
"""

import hashlib

from shared.domain.business import Business

LARGEST_CODE = 10_240  # bytes that CloudFront takes of a function
LARGEST_VALUE = 1_024  # characters that a KeyValueStore takes of a value
DIGEST = 16

# No number is spoken or logged; a business's numbers ring all at once.
_CODE = """\
// Twilio's fallback: ring who is on call, else take a message. Twilio asks by GET, and names what
// did not answer: who was being put through already is not greeted anew, and whoever was rung for
// them can still take the call.
import cf from 'cloudfront';
var LINES = cf.kvs();
var SAY_SORRY = 'We are sorry for the trouble. Please hold while I get someone on the line.';
var SAY_HOLD = 'Please hold while I get someone on the line.';
var SAY_LONGER = 'Please hold a moment longer.';
var SAY_NOBODY = 'Nobody can come to the phone right now. If this is an emergency, hang up and ' +
  'call 911. Otherwise please leave your name, number and what you need after the tone.';
var SAY_WAITS = 'A caller is waiting for you. Press 1 to take the call.';
var SAY_THANKS = 'Thank you. We will call you back. Goodbye.';

function greeting(url) {
  if (url.indexOf('after-stream') >= 0) { return SAY_HOLD; }
  return /handoff|rung/.test(url) ? SAY_LONGER : SAY_SORRY;
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

// Of the leg of a person who was rung. An empty answer joins them with the caller; a mailbox
// presses no key.
function rung(base) {
  return '<Gather numDigits="1" timeout="8" method="GET" action="' + base + '-join.xml"><Say>' +
    SAY_WAITS + '</Say></Gather><Hangup/>';
}

function join(digits) { return digits && digits !== '1' ? '<Hangup/>' : ''; }

function thanks() { return '<Say>' + SAY_THANKS + '</Say><Hangup/>'; }

async function verbs(uri, query) {
  var parts = uri.match(/^\\/fallback\\/(.+?)(-after|-join|-thanks)?\\.xml$/);
  if (!parts) { return undefined; }
  var base = '/fallback/' + parts[1];
  var numbers;
  try { numbers = (await LINES.get(parts[1])).split(' '); } catch (missing) { return undefined; }
  function of(name) { return query[name] ? query[name].value : ''; }
  var url = of('ErrorUrl');
  if (parts[2] === '-thanks' || /voicemail/.test(url)) { return thanks(); }
  if (parts[2] === '-join' || /whisper-accept/.test(url)) { return join(of('Digits')); }
  if (/whisper/.test(url)) { return rung(base); }
  if (parts[2] === '-after') { return after(base, of('DialCallStatus')); }
  return of('DialBridged') === 'true' ? '<Hangup/>' : ring(base, numbers, url);
}

async function handler(event) {
  var twiml = await verbs(event.request.uri, event.request.querystring);
  if (twiml === undefined) { return { statusCode: 404, statusDescription: 'Not Found' }; }
  return {
    statusCode: 200,
    statusDescription: 'OK',
    headers: { 'content-type': { value: 'text/xml' }, 'cache-control': { value: 'no-store' } },
    body: '<?xml version="1.0" encoding="UTF-8"?><Response>' + twiml + '</Response>'
  };
}
"""


def path_of(business: Business, account_sid: str) -> str:
    """The path of the business's TwiML, the same for ever: Twilio's number has it by heart, and
    asks it when nothing else of ours answers.

    Whoever knows it can read who is on call. It cannot be guessed from the name: the digest is of
    the Twilio account as well, which is told to nobody.
    """
    return f"/fallback/{key_of(business.id, account_sid)}.xml"


def key_of(business_id: str, account_sid: str) -> str:
    """Under which the store has whom to ring."""
    digest = hashlib.sha256(f"{account_sid}|{business_id}".encode()).hexdigest()[:DIGEST]
    return f"{business_id}-{digest}"


def value_of(business: Business) -> str:
    """Whom Twilio rings, all at once: who is on call, else the office."""
    return " ".join(business.on_call or (business.office,))


def code() -> str:
    """The source of the function."""
    return _CODE
