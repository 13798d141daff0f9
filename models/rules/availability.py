"""Tells "free" in the sense of available from "free" in the sense of costing nothing.

Only English uses one word for both. "A table is free at eight" and "a colleague will check what is free" mean
available: the subject is a person, or something that can be booked. "Parking is free" means that it costs nothing.
"""

import regex

from models.domains import Span

_PEOPLE = (
    "i|we|you|he|she|they|somebody|someone|anybody|anyone|nobody|everybody|everyone|us|colleagues?|dentists?|doctors?"
    "|hygienists?|advis[eo]rs?|guides?|drivers?|riders?|teachers?|trainers?|stylists?|groomers?|photographers?|team"
    "|mechanics?|technicians?|gardeners?|staff"
)
_TAKEN = "tables?|seats?|slots?|spots?|places?|rooms?|chairs?|bays?|mats?|times?|dates?|spaces?|lines?"
_OF_TIME = (
    "(?:mon|tues|wednes|thurs|fri|satur|sun)days?|days?|weeks?|weekends?|mornings?|afternoons?|evenings?|moments?|hours?"
    "|minutes?"
)
_STILL = r"(?:\s(?:still|both|all|next|already|usually|normally|currently|now|also))*"
_COSTS_NOTHING = r"(?!\s(?:of\s|for\s(?:you|all|every|new|first|children|kids)|with\s|gifts?\b))"
_AVAILABLE = regex.compile(
    rf"(?<!\w)(?:(?:what|who|which(?:\s\w+){{1,2}}|what\s(?:{_TAKEN}|{_OF_TIME})|{_PEOPLE}|{_TAKEN}){_STILL}\s(?:is|are)"
    rf"|(?:^|(?<=[.!?,;:\n])\s?)(?:{_OF_TIME}){_STILL}\s(?:is|are)"
    rf")\sfree(?!\w){_COSTS_NOTHING}"
    rf"|(?<!\w)(?:have\s)?(?:a|your)\sfree\s(?:{_TAKEN}|{_OF_TIME})(?!\w)",
    regex.I,
)


def is_available(text: str, span: Span) -> bool:
    """Return whether the phrase at `span` means that somebody or something is available."""
    return any(
        found.start() <= span.start and span.end <= found.end()
        for found in _AVAILABLE.finditer(text, max(0, span.start - 80), min(len(text), span.end + 40))
    )
