// Features to choose and a row to take out: the weights as bars, the residuals against what is predicted.

import { onPaper } from "./controls.js";
import { html, extent, padded, Plot, shown, svg } from "./draw.js";
import { sentence } from "./grid.js";
import { room } from "./panels.js";

export const key = (chosen, whole) => chosen.join("") + (whole ? "" : "-");

// What a model predicts for each row of X: its bias, and the weights of the chosen features.
export const predicted = ({ theta: [b, ...w] }, chosen, X) => X.map((row) => w.reduce((sum, weight, n) => sum + weight * row[chosen[n]], b));

const many = (value) => `${value < 0 ? "−" : ""}${Math.abs(Math.round(value)).toLocaleString("en")}`;

function render({ model, el }) {
  const get = (name) => model.get(name);
  const set = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const [X, Y, fits, features, std] = ["X", "Y", "fits", "features", "std"].map(get);
  const [row, target, unit] = get("names");
  const panels = html("div", { class: "lr-panels" });
  const left = room(panels, `features: ${unit} a standard deviation`);
  const widest = Math.max(...Object.entries(fits).flatMap(([name, { theta }]) => theta.slice(1).map((w, n) => Math.abs(w) * std[Number(name[n])])));
  const lines = features.map((name, k) => {
    const box = html("input", { type: "checkbox" });
    box.addEventListener("change", () => set("chosen", [...get("chosen").filter((one) => one !== k), ...(box.checked ? [k] : [])].sort()));
    const [bar, text] = [html("i", {}), html("span", { class: "lr-weight" })];
    left.append(html("label", { class: "lr-feature" }, box, html("span", {}, name), html("span", { class: "lr-bar", "aria-hidden": "true" }, bar), text));
    return { box, bar, text };
  });
  const inside = html("input", { type: "checkbox" });
  inside.addEventListener("change", () => set("whole", inside.checked));
  left.append(html("label", { class: "lr-feature lr-apart" }, inside, html("span", {}, `${row} is in the fit`)));
  const plot = new Plot(room(panels, "residuals against what is predicted"), {
    label: `Residuals of a sample of the rows against their predicted ${target}; ${row} is ringed.`, x: `predicted ${target} (${unit})`, y: "residual", left: 64, height: 270,
  });
  const none = svg("path", { class: "lr-dashed" }, plot.back);
  const dots = svg("path", { class: "lr-cloud" }, plot.middle);
  const odd = svg("path", { class: "lr-dots", style: "stroke:var(--lr-red)" }, plot.front);
  const ring = svg("circle", { r: 10, class: "lr-added" }, plot.front);
  const said = sentence();
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-houses", role: "group", "aria-label": "Choose features" }, panels, said));

  let points = [];
  plot.onlayout = () => {
    if (!points.length) return;
    none.setAttribute("d", plot.line(plot.xs.map((end) => [end, 0])));
    dots.setAttribute("d", plot.dots(points.slice(1)));
    odd.setAttribute("d", plot.dots(points.slice(0, 1)));
    ring.setAttribute("cx", String(plot.px(points[0][0])));
    ring.setAttribute("cy", String(plot.py(points[0][1])));
  };
  const show = () => {
    const [chosen, whole] = [get("chosen"), get("whole")];
    const now = fits[key(chosen, whole)];
    const y_hat = predicted(now, chosen, X);
    points = y_hat.map((one, i) => [one, one - Y[i]]);
    inside.checked = whole;
    features.forEach((_, k) => {
      const { box, bar, text } = lines[k];
      const at = chosen.indexOf(k);
      box.checked = at >= 0;
      const weight = at < 0 ? 0 : now.theta[at + 1];
      const share = (50 * weight * std[k]) / widest;
      bar.style.cssText = `left:${50 + Math.min(0, share)}%;width:${Math.abs(share)}%`;
      bar.className = weight < 0 ? "lr-less" : "";
      text.textContent = at < 0 ? "" : many(weight * std[k]);
    });
    const other = fits[key(chosen, !whole)];
    const changes = chosen.map((k, n) => [Math.abs(now.theta[n + 1] / other.theta[n + 1] - 1), k, n]).sort(([a], [b]) => b - a);
    const [, most, n] = changes[0] ?? [];
    const moved = changes.length
      ? ` ${whole ? "Without" : "With"} ${row}, the weight of ${features[most]} would be ${shown(other.theta[n + 1])} ${unit} a unit and not ${shown(now.theta[n + 1])}: the most that any of them changes.`
      : "";
    said.textContent =
      `${chosen.map((k) => features[k]).join(", ") || "No feature: the mean alone"}. It explains ${shown(100 * now.share, 3)} % of the variance; typical residual ${many(now.spread)} ${unit}. ` +
      `Predicted for ${row}: ${many(y_hat[0])} ${unit}.${moved}`;
    plot.onlayout();
  };
  const everything = Object.entries(fits).flatMap(([name, fitted]) => predicted(fitted, [...name].filter((one) => one !== "-").map(Number), X));
  plot.domain(padded(extent(everything)), padded(extent(predicted(fits[key(features.map((_, k) => k), true)], features.map((_, k) => k), X).flatMap((one, i) => [one - Y[i], Y[0] - one])), 0.1));
  for (const name of ["chosen", "whole"]) model.on(`change:${name}`, show);
  const screenOnly = onPaper(model, () => ({ chosen: features.map((_, k) => k), whole: true })); // and what the row does
  show();
  return () => {
    screenOnly();
    for (const name of ["chosen", "whole"]) model.off(`change:${name}`, show);
    plot.remove();
  };
}

export default { render };
