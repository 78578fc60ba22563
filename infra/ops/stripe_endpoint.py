"""Stripe's webhook endpoint of a stage: pinned API version, pinned events, its secret kept.

Stripe tells the signing secret once, when it makes the endpoint, and never changes an endpoint's
API version. So where either is wrong a new endpoint takes the old one's place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from infra.ops.stage import Unready

API_VERSION = "2026-10-28.endive"
EVENTS = (
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.refund.updated",
    "charge.refunded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "refund.created",
    "refund.failed",
    "refund.updated",
)
MARK = "callwright_stage"  # the endpoint's metadata: whose it is, whatever its address was

Todo = Literal["nothing", "create", "update", "replace"]
Keep = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do."""

    todo: Todo
    url: str
    why: str = ""
    old: tuple[str, ...] = ()  # endpoints to update, or to delete once the new one is there

    def lines(self) -> Sequence[str]:
        head = f"Stripe webhook {self.url}"
        if self.todo == "nothing":
            return [f"{head}: as it must be"]
        return [head, f"  {self.todo}: {self.why}"]


class Endpoints:
    """Stripe's webhook endpoints. `api_base` replaces https://api.stripe.com."""

    def __init__(self, api_key: str, stage: str, *, api_base: str | None = None) -> None:
        from stripe import StripeClient

        bases: Any = {"api": api_base} if api_base else {}
        client = StripeClient(api_key, max_network_retries=2, base_addresses=bases)
        # Any: its types list every event and version, ours are pinned by a test.
        self._endpoints: Any = client.v1.webhook_endpoints
        self._stage = stage

    def plan(self, url: str, *, has_secret: bool) -> Plan:
        """Compare what is there with what must be. Raises Unready."""
        ours = [each for each in self._all() if self._is_ours(each, url)]
        ids = tuple(str(each["id"]) for each in ours)
        wanted = f"API version {API_VERSION}, {len(EVENTS)} events"
        if not ours:
            return Plan("create", url, wanted)
        first = ours[0]
        if first.get("api_version") != API_VERSION:
            why = (
                f"its API version is {first.get('api_version') or 'the account default'}; {wanted}"
            )
            return Plan("replace", url, why, ids)
        if not has_secret:
            why = "its signing secret is not in Secrets Manager, and Stripe tells it only once"
            return Plan("replace", url, why, ids)
        wrong = list(_wrong(first, url))
        if wrong or len(ours) > 1:
            more = [f"{len(ours) - 1} more of this stage to delete"] if len(ours) > 1 else []
            return Plan("update", url, "; ".join([*wrong, *more]), ids)
        return Plan("nothing", url)

    def apply(self, plan: Plan, keep: Keep) -> None:
        """Do it; `keep` stores a new endpoint's signing secret. Raises Unready."""
        from stripe import StripeError

        try:
            match plan.todo:
                case "create" | "replace":
                    self._create(plan.url, keep)
                    self._delete(plan.old)
                case "update":
                    self._endpoints.update(
                        plan.old[0],
                        {"url": plan.url, "enabled_events": list(EVENTS), "disabled": False},
                    )
                    self._delete(plan.old[1:])
        except StripeError as exc:
            raise Unready(_reason(exc)) from exc

    def _create(self, url: str, keep: Keep) -> None:
        made = self._endpoints.create(
            {
                "url": url,
                "enabled_events": list(EVENTS),
                "api_version": API_VERSION,
                "description": f"Callwright {self._stage}",
                "metadata": {MARK: self._stage},
            }
        )
        try:
            keep(str(made.secret))
        except Exception:
            # Its secret is lost with this process: nobody could ever check what it signs.
            self._endpoints.delete(made.id)
            raise

    def _delete(self, ids: Sequence[str]) -> None:
        for each in ids:
            self._endpoints.delete(each)

    def _all(self) -> list[dict[str, Any]]:
        from stripe import StripeError

        try:
            every = self._endpoints.list({"limit": 100}).auto_paging_iter()
            return [each.to_dict() for each in every]
        except StripeError as exc:
            raise Unready(_reason(exc)) from exc

    def _is_ours(self, endpoint: Mapping[str, Any], url: str) -> bool:
        mark = (endpoint.get("metadata") or {}).get(MARK)
        return mark == self._stage or (mark is None and endpoint["url"] == url)


def _wrong(endpoint: Mapping[str, Any], url: str) -> list[str]:
    address, status = endpoint["url"], endpoint["status"]
    wrong = [] if address == url else [f"url {address} -> {url}"]
    if status != "enabled":
        wrong.append(f"{status} -> enabled")
    events = sorted(endpoint["enabled_events"])
    if events != sorted(EVENTS):
        wrong.append(f"events {', '.join(events)} -> {', '.join(EVENTS)}")
    return wrong


def _reason(exc: Any) -> str:
    # Not str(exc): Stripe's messages quote parts of the key.
    told = f"Stripe: {type(exc).__name__} {exc.http_status or ''} {exc.code or ''}".rstrip()
    if exc.http_status in (401, 403):
        told += (
            ": the stage's key may not write webhook endpoints, and need not: give one that may "
            "for this run, STRIPE_ADMIN_KEY=rk_… make connect"
        )
    return told
