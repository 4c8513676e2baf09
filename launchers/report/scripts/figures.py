"""Draws a report for papers: parallel coordinates and history, each a file of its own.

usage: figures.py NAME FORMAT    with the report as JSON on standard input (launchers/report/script_data.hpp)
"""
import io
import json
import math
import os
import statistics
import sys

try:
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import colors, patheffects, pyplot, ticker
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import LineCollection
except ImportError as error:
    sys.exit(f"figures need matplotlib, which {sys.executable} cannot import ({error}), allowed: install it "
             "(python3-matplotlib, or pip install matplotlib), or name an interpreter that has it in HPOGRID_PYTHON")

TEXT_WIDTH = 6.3  # inches between the margins of A4
# Journals take no type 3 fonts. What many thin lines are drawn as is pixels: as vectors they would be megabytes.
matplotlib.rcParams.update({"font.size": 8, "pdf.fonttype": 42, "savefig.dpi": 300, "axes.spines.top": False,
                            "axes.spines.right": False})
MANY = 1000


def plain(text):
    """The text as it stands: matplotlib takes what is between two dollars for a formula."""
    return "".join(c if c.isprintable() else "?" for c in str(text)[:60]).replace("$", r"\$")


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_logarithmic(numbers):
    """As the page does it: two decades, and most are small."""
    low, high = min(numbers), max(numbers)
    return low > 0 and high / low >= 100 and statistics.median(numbers) < high / 5


def power_of_ten(exponent):
    digits, power = f"{10 ** exponent:.1e}".split("e")
    return f"{digits[:-2] if digits.endswith('.0') else digits}e{int(power)}"


class Axis:
    """One vertical axis: numbers by size, everything else by name."""

    def __init__(self, title, values):
        self.title = title
        known = [value for value in values if value is not None]
        self.names = None if known and all(map(is_number, known)) else sorted({self.name(value) for value in known})
        self.logarithmic = self.names is None and is_logarithmic(known)
        places = [self.place(value) for value in known] or [0.0]
        around = (max(places) - min(places)) * .03 or .5
        self.low, self.high = min(places) - around, max(places) + around

    @staticmethod
    def name(value):
        return value if isinstance(value, str) else json.dumps(value)

    def place(self, value):
        if self.names is not None:
            return float(self.names.index(self.name(value)))
        return math.log10(value) if self.logarithmic else float(value)

    def height(self, value):
        """0 at the bottom, 1 at the top, nothing where the parameter was inactive."""
        return math.nan if value is None else (self.place(value) - self.low) / (self.high - self.low)

    def draw(self, axes):
        axes.set_ylim(self.low, self.high)
        if self.names is not None:
            step = max(1, len(self.names) // 20)
            axes.set_yticks(range(0, len(self.names), step))
            axes.set_yticklabels([plain(name) for name in self.names[::step]])
        elif self.logarithmic:
            axes.yaxis.set_major_locator(ticker.MaxNLocator(5, integer=self.high - self.low > 2))
            axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda place, _: power_of_ten(place)))
        else:
            axes.yaxis.set_major_locator(ticker.MaxNLocator(5))


def parallel_coordinates(report):
    trials = report["trials"]
    columns = [Axis(name, [trial["hyperparameters"].get(name) for trial in trials])
               for name in report["hyperparameters"]]
    score = Axis(report["metric"], [trial["score"] for trial in trials])
    figure, host = pyplot.subplots(figsize=(TEXT_WIDTH, 2.8))
    heights = [[*(axis.height(trial["hyperparameters"].get(axis.title)) for axis in columns),
                score.height(trial["score"])] for trial in trials]
    rank = colors.Normalize(1, max(2, len(trials)))
    # The best lie on top and are the darkest; light ones would vanish on paper.
    shades = colors.LinearSegmentedColormap.from_list("ranks", pyplot.get_cmap("viridis")([i / 100 for i in range(86)]))
    faintest = max(.1, min(.9, 60 / len(trials)))
    lines = [(*shades(rank(i))[:3], faintest + (.9 - faintest) * (1 - i / len(trials)) ** 4)
             for i in range(1, len(trials) + 1)]
    host.add_collection(LineCollection([list(enumerate(line)) for line in reversed(heights)], colors=lines[::-1],
                                       linewidths=.8, rasterized=len(trials) > MANY))
    last = len(columns)
    host.set(xlim=(0, max(1, last)), ylim=(0, 1))
    host.spines[:].set_visible(False)
    host.set_yticks([])
    host.set_xticks(range(last + 1))
    host.set_xticklabels([plain(axis.title) for axis in (*columns, score)], rotation=20 if last > 6 else 0)
    host.tick_params(axis="x", length=0)
    for place, axis in enumerate((*columns, score)):
        side = host.twinx()
        side.spines[:].set_visible(False)
        side.spines["right"].set_visible(True)
        side.spines["right"].set_position(("data", place))
        side.patch.set_visible(False)
        axis.draw(side)
        side.tick_params(axis="y", labelsize=6)
        for label in side.get_yticklabels():
            label.set_path_effects([patheffects.withStroke(linewidth=2, foreground="white")])
    figure.colorbar(ScalarMappable(rank, shades), ax=host, label="rank of the trial", pad=.12).ax.invert_yaxis()
    return figure


def history(report):
    scores = [trial["score"] for trial in sorted(report["trials"], key=lambda trial: trial["ended"] or 0.0)]
    best = []
    for score in scores:
        better = min if report["minimize"] else max
        best.append(better(best[-1], score) if best else score)
    figure, axes = pyplot.subplots(figsize=(TEXT_WIDTH / 2 + .4, 2.4))
    numbers = range(1, len(scores) + 1)
    axes.plot(numbers, scores, "o", markersize=2, alpha=.5, color="tab:gray", label="trial",
              rasterized=len(scores) > MANY)
    axes.step(numbers, best, where="post", color="tab:blue", label="best so far")
    if is_logarithmic(scores):
        axes.set_yscale("log")
    axes.xaxis.set_major_locator(ticker.MaxNLocator(6, integer=True))
    axes.set(xlabel="trials in the order of their ends", ylabel=plain(report["metric"]))
    axes.legend(edgecolor="none", framealpha=.9)
    return figure


def save(figure, name, form):
    content = io.BytesIO()
    # No date, so that the same report gives the same file.
    metadata = {"CreationDate": None} if form == "pdf" else None
    figure.savefig(content, format=form, bbox_inches="tight", metadata=metadata)
    unfinished = f"{name}.{os.getpid()}.tmp"
    try:
        with open(unfinished, "xb") as file:
            file.write(content.getvalue())
        os.replace(unfinished, name)
    except OSError as error:
        if os.path.exists(unfinished):
            os.remove(unfinished)
        print(f"{name}: cannot be written: {error.strerror}", file=sys.stderr)
        sys.exit(4)


def main():
    name, form = sys.argv[1:]
    report = json.load(sys.stdin)
    save(parallel_coordinates(report), f"{name}_pcp.{form}", form)
    save(history(report), f"{name}_history.{form}", form)


main()
