"""A web application on a port of loopback: what each stand-in that speaks HTTP starts and stops."""

from aiohttp import web

STOPS_WITHIN_S = 1.0  # requests that are under way


class Served:
    """Serves one application, from `start` to `stop`."""

    def __init__(self) -> None:
        self._runner: web.AppRunner | None = None

    async def start(self, app: web.Application, port: int = 0) -> str:
        """Listen, on a free port where none is named; return the address without a slash."""
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOPS_WITHIN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Let go of the port; it may never have been taken."""
        if self._runner is not None:
            await self._runner.cleanup()
