"""`from hpogrid.core.environment_settings import get_datadir, get_workdir`"""

from hpogrid.reporting import get_datadir, get_workdir

__all__ = ["get_datadir", "get_workdir"]
