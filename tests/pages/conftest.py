"""The small company that page tests look at."""

from tests.pages.office import office

__all__ = ["office"]
