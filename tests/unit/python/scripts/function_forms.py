"""Functions as users write them."""

import hpogrid


def with_reporter(config, reporter):
    for step in range(3):
        reporter(loss=config["x"] / (step + 1))


def with_positional_callback(config, rep):
    rep(loss=config["x"])


def returns_dict(config):
    return {"loss": config["x"] ** 2, "history": [1, 2, 3], "inner": {"auc": 0.5}}


def returns_number(config):
    return config["x"]


def returns_nothing(config):
    pass


def returns_text(config):
    return "0.5"


def yields(config):
    for step in range(2):
        yield {"loss": step}


def reports(config):
    hpogrid.report(loss=1.0)
    hpogrid.report({"loss": 0.5}, accuracy=0.9)
    hpogrid.report({"loss": 0.25})


def strange_values(config):
    hpogrid.report(loss=float("nan"), up=float("inf"), down=float("-inf"), name="abc", flag=True, nothing=None, big=10**400)


def integers_as_floats(config):
    return {"loss": [0] * int(config["layers"]) and config["layers"]}


def says_where(config):
    import os
    import random

    open("mine.txt", "w").close()
    print("data", hpogrid.get_datadir(), "work", hpogrid.get_workdir(), "trial", hpogrid.get_trial_dir())
    print("id", hpogrid.get_trial_id(), "cwd", os.getcwd(), "gpu", os.environ.get("CUDA_VISIBLE_DEVICES"))
    return {"draw": random.random(), "leader": os.getsid(0) == os.getpid()}


def with_checkpoints(config):
    start = 0
    checkpoint = hpogrid.get_checkpoint()
    if checkpoint:
        start = checkpoint.to_dict()["epoch"]
    for epoch in range(start, config["epochs"]):
        hpogrid.report({"epoch": epoch + 1}, checkpoint={"epoch": epoch + 1})


def continues_old_way(config, checkpoint_dir=None):
    return {"restored": checkpoint_dir is not None}
