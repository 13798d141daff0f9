"""The features, each in the file of its stem: its request, how that becomes a task, and its public functions.

The imports are relative, so that type checkers know each module as an attribute of this package.
"""

from .content import *
from .image import *
from .messaging import *
from .strategy import *
from .video import *
