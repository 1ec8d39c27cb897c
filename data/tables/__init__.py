"""The tables, a module a topic; importing this package makes the whole schema known to `Base.metadata`."""

from data.tables import company, dealings, distributors, orders, products, records, visits
from data.tables.base import Base

__all__ = ["Base", "company", "dealings", "distributors", "orders", "products", "records", "visits"]
