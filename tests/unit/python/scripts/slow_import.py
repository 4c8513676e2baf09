import time

time.sleep(1.0)


def objective(config):
    return 1.0
