"""Where a shop keeps its customers."""

from dataclasses import dataclass, field

from models import Customer


@dataclass
class Customers:
    """All customers by name."""

    by_name: dict[str, Customer] = field(default_factory=dict[str, Customer])

    def add(self, customer: Customer) -> None:
        """Keep a customer."""
        self.by_name[customer.name] = customer
