"""Imports of the process from which commands are forked, and the language rules that each would compile."""

import os

# A lock that a thread of this process holds at the moment of a fork stays locked in the new process for ever.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import stillroom.cli.app
import stillroom.cli.serve  # noqa: F401 -- the same
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan

understand("", Plan())
