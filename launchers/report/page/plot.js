// What plots share: scales, axes, points on a canvas (SVG would choke on ten thousand), the trial under the pointer.
const margin = {top: 18, right: 14, bottom: 38, left: 62};

// Places of a column's values: numbers on a line, logarithmic where they span two decades and most are small (uniform
// ones from 0 to 1 may span two decades, too); all else by name.
function scaleOf(values, range) {
    const known = values.filter(value => value !== null);
    if (known.length > 0 && known.every(value => typeof value === "number")) {
        const [low, high] = d3.extent(known);
        const spread = low > 0 && high / low >= 100 && d3.median(known) < high / 5 ? d3.scaleLog() : d3.scaleLinear();
        const around = Math.abs(low) / 10 || 1;
        return spread.domain(low === high ? [low - around, high + around] : [low, high]).range(range);
    }
    return d3.scalePoint().domain(Array.from(new Set(known.map(shown))).sort()).range(range).padding(.2);
}
function columnScale(title, range) { return scaleOf(data.rows.map(row => row[columnOf(title)]), range); }
function place(scale, value) {
    return value === null ? NaN : scale.bandwidth ? scale(shown(value)) : scale(value);
}
function axisOf(scale, axis) {
    const all = axis(scale);
    return scale.bandwidth ? all : scale.base ? all.ticks(5, "~g") : all.ticks(5);
}

// An empty plot in a box: {context, svg}, with the canvas under the axes.
function layers(box, width, height) {
    const ratio = window.devicePixelRatio || 1;
    box.textContent = "";
    box.style.height = height + "px";
    const canvas = d3.select(box).append("canvas").attr("width", width * ratio).attr("height", height * ratio)
        .style("width", width + "px").style("height", height + "px").node();
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    return {context, svg: d3.select(box).append("svg").attr("width", width).attr("height", height)};
}
function axes(svg, width, height, x, y, xTitle, yTitle) {
    svg.append("g").attr("transform", `translate(0,${height - margin.bottom})`).call(axisOf(x, d3.axisBottom));
    svg.append("g").attr("transform", `translate(${margin.left},0)`).call(axisOf(y, d3.axisLeft));
    svg.append("text").attr("x", (margin.left + width - margin.right) / 2).attr("y", height - 4)
        .attr("text-anchor", "middle").text(xTitle);
    svg.append("text").attr("x", 4).attr("y", 11).text(yTitle);
}

// Points of the selected trials; `at` answers a trial's [x, y], `below` draws what lies under them.
function scatter(box, width, height, {context, svg}, at, below = () => {}) {
    const tip = document.getElementById("tip");
    let tree = d3.quadtree();
    followers.push(() => {
        const colour = colours();
        const points = selected.map(trial => ({trial, at: at(trial)})).filter(point => point.at.every(Number.isFinite));
        context.clearRect(0, 0, width, height);
        below();
        context.globalAlpha = points.length > 2000 ? .5 : .85;
        for (let i = points.length - 1; i >= 0; --i) {
            context.fillStyle = colour(points[i].trial.rank);
            context.beginPath();
            context.arc(...points[i].at, 2.5, 0, 2 * Math.PI);
            context.fill();
        }
        context.globalAlpha = 1;
        tree = d3.quadtree(points, point => point.at[0], point => point.at[1]);
    });
    svg.on("mousemove", () => {
        const near = tree.find(...d3.mouse(svg.node()), 12);
        tip.hidden = near === undefined;
        if (near !== undefined) {
            tip.textContent = describe(near.trial);
            tip.style.left = Math.min(d3.event.pageX + 14, window.innerWidth - 240) + "px";
            tip.style.top = d3.event.pageY + 14 + "px";
        }
    }).on("mouseleave", () => { tip.hidden = true; });
}
