// On a plain page the style is a file of the site; a notebook has it with the widget.
export function styled(el, name = "checker.css") {
  if (el.localName !== "lr-control") return Promise.resolve();
  const href = new URL(name, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve) => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve })));
}
