def objective(config):
    return (1.0
