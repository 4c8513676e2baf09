"""The first example of the original package: a function of two numbers, without any training."""


def simple_objective(config, reporter):
    height, width = config["height"], config["width"]
    reporter(loss=(height - 14) ** 2 - abs(width - 3))
