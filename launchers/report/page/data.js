// The trials, and which of them are selected. Every view draws what is selected, and draws again when that changes.
const data = JSON.parse(document.getElementById("data").textContent);
const trials = data.rows.map((row, rank) => ({rank, row, score: row[data.titles.indexOf(data.metric)]}));
const isBetter = data.mode === "min" ? (a, b) => a < b : (a, b) => a > b;
const columnOf = title => data.titles.indexOf(title);

const brushes = new Map(); // title of an axis: [top, bottom] in pixels
const followers = [];
let selected = trials;

function follow() { followers.forEach(draw => draw()); }

function short(value) {
    return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)).toString() : value;
}
function shown(value) {
    return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(short(value));
}
function describe(trial) { return data.titles.map((title, i) => `${title}: ${shown(trial.row[i])}`).join("\n"); }

// Colours by rank, so that outliers take none: the best trials stand out most, bright in the dark, dark in the light.
function colours() {
    const dark = getComputedStyle(document.documentElement).getPropertyValue("--dark").trim() === "1";
    const last = Math.max(1, trials.length - 1);
    return d3.scaleSequential(dark ? d3.interpolateInferno : d3.interpolateViridis)
        .domain(dark ? [last * 1.4, -last * .1] : [0, last * 1.1]);
}
