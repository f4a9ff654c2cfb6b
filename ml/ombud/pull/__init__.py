"""Published decisions pulled from the Ombudsman's site, kept as they came, and forgotten again."""

from ombud.pull.folder import is_pulled
from ombud.pull.forget import Forgotten, forget
from ombud.pull.job import Counts, Progress, pull, pulling
from ombud.pull.months import months_between
from ombud.pull.reading import PulledPage, forgotten, pulled_pages
from ombud.pull.settings import SITE, SOURCE, PullSettings

__all__ = [
    "SITE",
    "SOURCE",
    "Counts",
    "Forgotten",
    "Progress",
    "PullSettings",
    "PulledPage",
    "forget",
    "forgotten",
    "is_pulled",
    "months_between",
    "pull",
    "pulled_pages",
    "pulling",
]
