from ray._session import (
    get_checkpoint,
    get_experiment_name,
    get_trial_dir,
    get_trial_id,
    get_trial_name,
    get_trial_resources,
    get_world_rank,
    get_world_size,
    report,
)

__all__ = [name for name in dir() if not name.startswith("_")]
