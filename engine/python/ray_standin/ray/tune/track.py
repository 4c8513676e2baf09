"""Ray before 0.8: `tune.track.log(loss=…)`."""

from ray._session import report as log

__all__ = ["log"]
