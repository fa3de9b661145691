// Both kernels speak Jupyter's messages: https://jupyter-client.readthedocs.io/en/stable/messaging.html

const session = crypto.randomUUID?.() ?? String(Math.random());

export function message(type, content, { metadata = {}, buffers = [] } = {}) {
  const header = { msg_id: `${session}-${++message.count}`, msg_type: type, username: "reader", session, version: "5.4" };
  return { header: { ...header, date: new Date().toISOString() }, parent_header: {}, metadata, content, buffers };
}
message.count = 0;

// The folder of the site, wherever it was put: Sphinx writes the way to it into every page.
export const root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI);
export const file = (path) => new URL(`_static/${path}`, root).href;
