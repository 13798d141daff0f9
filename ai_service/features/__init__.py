"""The features, one module each: its request, its recipe, its method of `AIService`, and the module-level function.

The imports are relative, so that type checkers see each module as an attribute of this package.
"""

from .content import *
from .image import *
from .messaging import *
from .strategy import *
from .video import *
