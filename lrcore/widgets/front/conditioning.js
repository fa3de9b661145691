// Scale one feature, and see the valley narrow, the best rate fall and the steps multiply.

import { markedRange, onPaper } from "./controls.js";
import { assign, html, Plot, shown, svg } from "./draw.js";
import { sentence } from "./grid.js";
import { room } from "./panels.js";
import { curvature, Valley } from "./valley.js";

const WIDEST = 32; // scales run from 1/32 to 32
const TELLING = 4;

function render({ model, el }) {
  const [G, N, equal, names] = [model.get("G"), model.get("N"), model.get("equal"), model.get("features")];
  const panels = html("div", { class: "lr-panels" });
  const said = sentence();
  const valley = new Plot(room(panels, "the loss around its minimum"), { label: "Contours of the loss around its minimum, with the path of descent at the best rate.", x: `weight of ${names[0]}`, y: `weight of ${names[1]}` });
  const costs = new Plot(room(panels, "steps until a thousandth is left"), { label: "Steps that descent needs, against the scale of the feature; both axes are logarithmic.", x: `scale of ${names[1]}`, y: "steps", logX: true, logY: true });
  const drawn = new Valley(valley);
  const curve = svg("path", { class: "lr-curve" }, costs.back);
  const here = svg("circle", { r: 6, class: "lr-here" }, costs.front);
  const set = (scale) => {
    model.set("scale", scale);
    model.save_changes();
  };
  const share = (scale) => 0.5 + Math.log(scale) / Math.log(WIDEST) / 2;
  const slider = markedRange(`scale of ${names[1]}`, (thousandths) => set(Number((WIDEST ** (thousandths / 500 - 1)).toPrecision(3))));
  const row = html("div", { class: "lr-rate" }, html("div", { class: "lr-ratehead" }, html("span", {}, `scale of ${names[1]}`)), slider.node);
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-conditioning", role: "group", "aria-label": "Conditioning" }, panels, row, said));

  const all = Array.from({ length: 121 }, (_, k) => WIDEST ** (k / 60 - 1)).map((scale) => [scale, curvature(G, N, scale).steps]);
  let now = null;
  valley.onlayout = () => now && drawn.show(now);
  costs.onlayout = () => {
    curve.setAttribute("d", costs.line(all));
    if (now) assign(here, { cx: costs.px(model.get("scale")), cy: costs.py(now.steps) });
  };
  const show = () => {
    const scale = model.get("scale");
    now = curvature(G, N, scale);
    slider.show({ share: share(scale), text: shown(scale, 3), named: [[share(1), "as given", () => set(1)], [share(equal), "equally long columns", () => set(equal)]] });
    said.textContent =
      `${names[1]} times ${shown(scale, 3)}: condition number ${shown(now.condition)}, best rate ${shown(now.best)}; each step leaves ${shown(now.left, 3)} of the error, ` +
      `so ${now.steps} ${now.steps === 1 ? "step leaves" : "steps leave"} a thousandth of it.`;
    valley.onlayout();
    costs.onlayout();
  };
  model.on("change:scale", show);
  const screenOnly = onPaper(model, () => ({ scale: TELLING * equal })); // the valley is narrow, the path goes to and fro
  show();
  valley.domain([-1.5, 1.5], [-1.5, 1.5]);
  costs.domain([1 / WIDEST, WIDEST], [0.8, 1.5 * Math.max(...all.map(([, steps]) => steps))]);
  return () => {
    screenOnly();
    model.off("change:scale", show);
    valley.remove();
    costs.remove();
  };
}

export default { render };
