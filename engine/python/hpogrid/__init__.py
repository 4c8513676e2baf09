"""What a training script sees of hpogrid.

    import hpogrid

    def objective(config):
        for epoch in range(10):
            loss = train_one_epoch(config["lr"])
            hpogrid.report(loss=loss)

Reporting is optional: `return {"loss": loss}` does as well, and so do Ray Tune's functions and classes (no Ray needed).
Outside a trial everything here still works: report() prints its metrics as a line of JSON.
"""

from hpogrid.checkpoint import Checkpoint
from hpogrid.reporting import (
    get_checkpoint,
    get_datadir,
    get_trial_dir,
    get_trial_id,
    get_workdir,
    report,
)
from hpogrid.trainable import CustomModel, Trainable

__version__ = "0.1.0"

__all__ = [
    "Checkpoint",
    "CustomModel",
    "Trainable",
    "get_checkpoint",
    "get_datadir",
    "get_trial_dir",
    "get_trial_id",
    "get_workdir",
    "report",
]
