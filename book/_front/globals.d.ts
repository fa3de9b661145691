// What the scripts meet in a page and in Node.js that is no part of them.
interface Window {
  MathJax: any;
  require: any; // require.js, which the widget manager is loaded with
}
declare const MathJax: any;
declare const require: any;
declare const process: any;
declare const __dirname: string;
declare module "node:child_process";
declare module "node:url";
declare module "node:fs";
declare module "node:path";
declare module "*/pyodide.mjs";
// What the page of the first screen takes from the widgets, beside which it lies in the site.
declare module "*/lrcore-widgets/controls.js" {
  export const clock: any, handle: any;
}
declare module "*/lrcore-widgets/draw.js" {
  export const assign: any, shown: any;
}
declare module "*/lrcore-widgets/numbers.js" {
  export const descend: any;
}
