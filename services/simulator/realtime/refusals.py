"""How the API refuses a request over HTTP: an error object with a status."""

from aiohttp import web


def unauthorized(request: web.Request) -> web.Response | None:
    """Return the refusal of a request without a key; None when it has one."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return None
    message = "Missing bearer or basic authentication in header"
    return refused(401, "invalid_request_error", None, message)


def refused(status: int, kind: str, code: str | None, message: str) -> web.Response:
    body = {"message": message, "type": kind, "param": None, "code": code}
    return web.json_response({"error": body}, status=status)
