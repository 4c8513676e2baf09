// History, importance, slices and learning curves.

function history(box) {
    const width = box.clientWidth, height = 300;
    const byTime = trials.slice().sort((a, b) => data.ended[a.rank] - data.ended[b.rank]);
    const number = new Map(byTime.map((trial, i) => [trial.rank, i + 1]));
    const x = d3.scaleLinear().domain([0, trials.length + 1]).range([margin.left, width - margin.right]);
    const y = columnScale(data.metric, [height - margin.bottom, margin.top]);
    const plot = layers(box, width, height);
    axes(plot.svg, width, height, x, y, "trials in the order of their ends", data.metric);
    let best = null;
    const steps = byTime.map(trial => {
        best = best === null || isBetter(trial.score, best) ? trial.score : best;
        return [x(number.get(trial.rank)), y(best)];
    });
    plot.svg.append("path").attr("class", "best").attr("d", d3.line().curve(d3.curveStepAfter)(steps));
    scatter(box, width, height, plot, trial => [x(number.get(trial.rank)), y(trial.score)]);
}

function importance(box) {
    const parts = data.importance, row = 24, width = Math.min(box.clientWidth, 720);
    const height = row * parts.length + margin.bottom;
    const left = Math.min(width / 3, 20 + 7 * d3.max(parts, part => part.name.length));
    const x = d3.scaleLinear().domain([0, 1]).range([left, width - 60]);
    const {svg} = layers(box, width, height);
    svg.append("g").attr("transform", `translate(0,${height - margin.bottom})`).call(d3.axisBottom(x).ticks(5, "%"));
    const lines = svg.selectAll("g.part").data(parts).enter().append("g").attr("class", "part")
        .attr("transform", (part, i) => `translate(0,${i * row})`);
    lines.append("text").attr("x", left - 8).attr("y", row / 2 + 4).attr("text-anchor", "end").text(part => part.name);
    for (const key of ["total", "main"]) {
        lines.append("rect").attr("class", key).attr("x", left).attr("y", 4).attr("height", row - 8)
            .attr("width", part => x(Math.min(1, part[key])) - left);
    }
    lines.append("text").attr("x", part => x(Math.min(1, part.total)) + 6).attr("y", row / 2 + 4)
        .text(part => d3.format(".0%")(part.total));
}

function slices(box) {
    box.textContent = "";
    const height = 230;
    const y = columnScale(data.metric, [height - margin.bottom, margin.top]);
    for (const title of data.hyperparameters) {
        const part = d3.select(box).append("div").attr("class", "plot").node();
        const width = part.clientWidth;
        const x = columnScale(title, [margin.left, width - margin.right]);
        const plot = layers(part, width, height);
        axes(plot.svg, width, height, x, y, title, data.metric);
        scatter(part, width, height, plot, trial => [place(x, trial.row[columnOf(title)]), y(trial.score)]);
    }
}

function curves(box) {
    const width = box.clientWidth, height = 300;
    const all = data.curves;
    box.parentNode.querySelector(".hint").textContent = all.length < trials.length ? `Of the best ${all.length} trials.` : "";
    const x = d3.scaleLinear().domain(d3.extent(d3.merge(all), point => point[0])).range([margin.left, width - margin.right]);
    const y = scaleOf(d3.merge(all).map(point => point[1]), [height - margin.bottom, margin.top]);
    const {context, svg} = layers(box, width, height);
    axes(svg, width, height, x, y, "iteration", data.metric);
    const line = d3.line().x(point => x(point[0])).y(point => y(point[1])).context(context);
    followers.push(() => {
        const colour = colours();
        context.clearRect(0, 0, width, height);
        context.globalAlpha = .7;
        const chosen = selected.filter(trial => trial.rank < all.length);
        for (let i = chosen.length - 1; i >= 0; --i) {
            context.strokeStyle = context.fillStyle = colour(chosen[i].rank);
            context.beginPath();
            line(all[chosen[i].rank]);
            context.stroke();
        }
    });
}
