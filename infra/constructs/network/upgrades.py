"""What CloudFront lets through to the bridge: upgrades to /media that carry a signature.

A flood of anything else ends at the edge. The loop that carries the audio of every call never
sees it, and its HMAC is not asked. Whether a signature is right only the bridge can tell.
"""

CODE = """\
// Anything but a signed upgrade to /media is answered here. /healthz is the balancer's alone.
function handler(event) {
  var request = event.request;
  if (request.uri !== '/media') { return { statusCode: 404, statusDescription: 'Not Found' }; }
  var upgrade = request.headers['upgrade'];
  if (request.method !== 'GET' || !upgrade || upgrade.value.toLowerCase() !== 'websocket' ||
      !request.headers['x-twilio-signature']) {
    return { statusCode: 403, statusDescription: 'Forbidden' };
  }
  return request;
}
"""
