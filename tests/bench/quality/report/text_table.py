"""Tables in Markdown, readable in a terminal."""


def table(heads, rows):
    """The first column to the left, numbers to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = [line(heads, widths), line(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])], widths)]
    return "\n".join(lines + [line(row, widths) for row in rows])


def line(cells, widths):
    first, *others = zip(cells, widths)
    return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"


def number(value):
    """Three digits."""
    return f"{value:.3g}" if value != 0 else "0"
