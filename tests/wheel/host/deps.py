"""What a shop's routes depend on."""

from models import Customer
from storage import Customers


def current_customer(customers: Customers, name: str) -> Customer:
    """Return the customer who is signed in."""
    return customers.by_name[name]
