"""How somebody is rung who does not answer a text; adapters and fakes implement it."""

from typing import Protocol


class Rings(Protocol):
    def ring(self, to: str, say: str, *, sender: str, accept_url: str) -> None:
        """Call a phone and read `say` twice; the key 1 is posted to `accept_url`.

        Raises:
            PortError: the call was not placed.
        """
