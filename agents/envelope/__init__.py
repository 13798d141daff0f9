"""What stands around an answer: its HTTP response, read within bounds and put into the form that the SDKs read.

Whatever a provider sends, an SDK sees an answer in its API's own form or an error without the provider's words.
"""

from agents.envelope.bounded_client import BoundedClient
from agents.envelope.refused import ResponseRefused

__all__ = ["BoundedClient", "ResponseRefused"]
