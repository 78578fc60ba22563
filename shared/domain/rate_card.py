"""What a business's visits cost, as its file says."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.domain.fields import Dollars, ServiceName, Share, Trade, Words
from shared.domain.models import Value


class Service(Value):
    """One line of the rate card. The file gives dollars, the value holds cents."""

    visit: Dollars
    low: Dollars
    high: Dollars
    trade: Trade | None = None  # must be said where the business has several
    # How long a crew is held for it, the hours of arriving included; never shorter than those.
    hours: int = Field(default=2, ge=1, le=12)

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Kind(Value):
    """A kind of job that is harder or easier than the ordinary one, told by its words."""

    name: Words
    words: tuple[Words, ...] = Field(min_length=1)
    complexity: Annotated[Share, Field(ge=Decimal("0.5"), le=2)]


class RateCard(Value):
    services: dict[ServiceName, Service] = Field(min_length=1)
    after_hours_multiplier: Annotated[Share, Field(ge=1, le=5)]
    deposit_share: Annotated[Share, Field(ge=0, le=1)]  # a matter of state law: 0 takes none
    # Whose visits it is taken for. A new customer's number has booked nothing before the call.
    deposit: Literal["always", "after_hours", "new_customers", "never"] = "always"
    kinds: tuple[Kind, ...] = ()

    def takes_deposit(self, *, after_hours: bool, is_known: bool) -> bool:
        match self.deposit:
            case "always":
                return True
            case "after_hours":
                return after_hours
            case "new_customers":
                return not is_known
            case "never":
                return False

    def complexity(self, description: str) -> Decimal:
        """The factor of the hardest kind whose words the description has; 1 for none."""
        text = f" {' '.join(description.lower().replace('-', ' ').split())} "
        factors = [k.complexity for k in self.kinds if any(w.lower() in text for w in k.words)]
        return max(factors, default=Decimal(1))
