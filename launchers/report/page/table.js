// The table of trials: sorted by a click on a title, filtered by text or by a comparison with a column.
const mostRows = 500; // A browser lays out no more in a moment.

// "lr < 0.01" compares; everything else is looked for in all columns.
function matcher(text) {
    const comparison = text.match(/^\s*(.+?)\s*(<=|>=|<|>|=)\s*(\S+)\s*$/);
    const column = comparison ? columnOf(comparison[1]) : -1;
    if (column >= 0) {
        const wanted = Number(comparison[3]);
        const compare = {"<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b}[comparison[2]] ||
            ((a, b) => a === b || shown(a) === comparison[3]);
        return trial => trial.row[column] !== null && compare(trial.row[column], wanted);
    }
    const part = text.toLowerCase();
    return trial => part === "" || trial.row.some(value => shown(value).toLowerCase().includes(part));
}

const sorting = {column: null, ascending: true};

function fillTable() {
    const {column, ascending} = sorting;
    let rows = selected.filter(matcher(document.getElementById("filter").value));
    if (column !== null) {
        rows = rows.slice().sort((a, b) => (ascending ? 1 : -1) * d3.ascending(a.row[column], b.row[column]));
    }
    document.getElementById("shown").textContent =
        rows.length > mostRows ? `the first ${mostRows} of ${rows.length} trials` : `${rows.length} trials`;
    const lines = d3.select("#trials tbody").selectAll("tr").data(rows.slice(0, mostRows), trial => trial.rank);
    lines.exit().remove();
    lines.enter().append("tr").each(function (trial) {
        d3.select(this).selectAll("td").data(trial.row).enter().append("td").text(shown);
    }).merge(lines).order();
    d3.selectAll("#trials th").attr("aria-sort", (_, i) =>
        i !== column ? null : ascending ? "ascending" : "descending");
}

function table() {
    d3.select("#trials thead").selectAll("tr").data([0]).enter().append("tr").selectAll("th").data(data.titles).enter()
        .append("th").text(title => title).on("click", (title, i) => {
            sorting.ascending = sorting.column === i ? !sorting.ascending : true;
            sorting.column = i;
            fillTable();
        });
    document.getElementById("filter").oninput = fillTable;
    followers.push(fillTable);
}
