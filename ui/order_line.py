"""A line of the order as it would be signed now."""

from dataclasses import dataclass
from decimal import Decimal

LARGE_SHARE = Decimal("0.25")
LARGE_CASES = 5
"""A change of more than this share and at least so many cases is asked for its reason."""


@dataclass(frozen=True)
class LiveLine:
    """A line as it would be signed now; quantities in base units.

    `waiting` stands in the second order; `reason` is the code that was given for a change.
    """

    product_id: str
    suggested: Decimal | None
    quantity: Decimal
    waiting: Decimal
    pack: int
    unit_price: Decimal | None
    reason: str
    is_offered: bool

    @property
    def cases(self) -> int:
        """Cases ordered."""
        return int(self.quantity / self.pack)

    @property
    def change(self) -> int:
        """Cases more or less than suggested, the second order included; a gap not filled is no change."""
        if self.suggested is None or (self.is_offered and not self.quantity):
            return 0
        return int((self.quantity + self.waiting - self.suggested) / self.pack)

    @property
    def asks_why(self) -> bool:
        """Whether the change is large enough to ask for its reason."""
        if self.suggested is None or abs(self.change) < LARGE_CASES:
            return False
        return abs(self.change * self.pack) > LARGE_SHARE * self.suggested
