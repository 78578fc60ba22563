"""Whether a model that calls rest on is about to be shut down. Looked at every night."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from shared.actions.ports import Metrics
from shared.domain.errors import PortError
from shared.schema import MODEL_ENDS_SOON_DAYS

logger = logging.getLogger(__name__)

SOON = timedelta(days=MODEL_ENDS_SOON_DAYS)
Ends = Callable[[str, date], date | None]


def check(models: Iterable[str], ends: Ends, metrics: Metrics, *, today: date) -> Mapping[str, str]:
    """The models that end soon, each with its day; one that could not be asked about is logged.

    What was found is counted, zero too, so that an alarm recovers; nothing is where none answered.
    """
    found, asked = {}, False
    for model in models:
        try:
            day = ends(model, today)
        except PortError as exc:
            logger.warning("model not asked about", extra={"model": model, "why": str(exc)})
            continue
        asked = True
        if day is not None and day - today <= SOON:
            logger.warning("model ends soon", extra={"model": model, "day": day.isoformat()})
            found[model] = day.isoformat()
    if asked:
        metrics.count("ModelsEndingSoon", len(found))
    return found
