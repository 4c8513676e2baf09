// Parallel coordinates: an axis a hyperparameter, a line a trial. Brushes on the axes select.
const parallelHeight = 360;

function parallel(box) {
    const titles = data.hyperparameters.concat(data.metric);
    const width = Math.max(box.clientWidth, 90 * titles.length), top = 34, bottom = parallelHeight - 14;
    const x = d3.scalePoint().domain(titles).range([66, width - 66]);
    const scales = new Map(titles.map(title => [title, columnScale(title, [bottom, top])]));
    const {context, svg} = layers(box, width, parallelHeight);
    const y = (trial, title) => place(scales.get(title), trial.row[columnOf(title)]);

    function line(trial) {
        let isDown = false;
        context.beginPath();
        for (const title of titles) {
            const height = y(trial, title);
            if (Number.isFinite(height)) { isDown ? context.lineTo(x(title), height) : context.moveTo(x(title), height); }
            isDown = Number.isFinite(height);
        }
        context.stroke();
    }
    function select() {
        selected = trials.filter(trial => Array.from(brushes).every(([title, [low, high]]) => {
            const height = y(trial, title);
            return height >= low && height <= high;
        }));
        follow();
    }
    followers.push(() => {
        const colour = colours();
        context.clearRect(0, 0, width, parallelHeight);
        context.globalAlpha = selected.length > 2000 ? .2 : selected.length > 200 ? .45 : .7;
        // The best ones last, on top.
        for (let i = selected.length - 1; i >= 0; --i) {
            context.strokeStyle = colour(selected[i].rank);
            line(selected[i]);
        }
    });

    const axis = svg.selectAll("g.axis").data(titles).enter().append("g").attr("class", "axis")
        .attr("data-title", title => title).attr("transform", title => `translate(${x(title)},0)`);
    axis.each(function (title) { d3.select(this).call(axisOf(scales.get(title), d3.axisLeft)); });
    axis.append("text").attr("class", "title").attr("y", 16).attr("text-anchor", "middle").text(title => title);
    axis.append("g").attr("class", "brush").each(function (title) {
        const brush = d3.brushY().extent([[-12, top], [12, bottom]]);
        d3.select(this).call(brush);
        // Where the page was laid out anew, its brushes stay.
        if (brushes.has(title)) { d3.select(this).call(brush.move, brushes.get(title)); }
        brush.on("brush end", () => {
            d3.event.selection ? brushes.set(title, d3.event.selection) : brushes.delete(title);
            select();
        });
    });
}
