"""What a screen makes of facts that it remembers: kept with them, and gone with them."""

from collections.abc import Callable, Hashable
from typing import Any, Concatenate, Self, TypeVar

from language import current

Made = TypeVar("Made")


class Remembered:
    """Facts that stand for many drawings of a screen: what is made of them once need not be made at each touch."""

    def once(self, make: Callable[Concatenate[Self, ...], Made], *of: Hashable) -> Made:
        """What a function makes of these facts, in the language spoken.

        Args:
            make: A function of a module, of these facts and `of` alone. Nobody changes what it gives.
            of: What else it is made of.
        """
        kept: dict[Hashable, Any] = vars(self).setdefault("_kept", {})
        key = (make, current(), *of)
        if key not in kept:
            kept[key] = make(self, *of)
        made: Made = kept[key]
        return made
