// The page: its head, its parts, and what lays them out anew.
const views = {parallel, history, importance, slices, curves, trials: table};

function layOut() {
    followers.length = 0;
    data.parts.forEach(part => views[part](document.getElementById(part)));
    follow();
}

document.querySelectorAll("section").forEach(part => { part.hidden = !data.parts.includes(part.dataset.part); });
document.querySelector("h1").textContent = data.project;
document.title = data.project + ": hpogrid";
document.getElementById("summary").textContent = trials.length === 0 ? "No trial succeeded." :
    `${trials.length} trials of ${data.jobs} job${data.jobs === 1 ? "" : "s"}; ` +
    `${data.mode === "min" ? "smallest" : "largest"} ${data.metric}: ${short(trials[0].score)}`;
document.getElementById("theme").onclick = () => {
    const isDark = getComputedStyle(document.documentElement).getPropertyValue("--dark").trim() === "1";
    document.documentElement.dataset.theme = isDark ? "light" : "dark";
    follow();
};
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
let laidOut = window.innerWidth;
window.addEventListener("resize", () => {
    if (window.innerWidth !== laidOut) {
        laidOut = window.innerWidth;
        layOut();
    }
});
if (trials.length > 0) { layOut(); }
document.body.dataset.ready = "true";
