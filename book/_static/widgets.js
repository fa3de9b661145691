// Tell require.js and the widget manager that everything they look for lies beside them, wherever the site is put.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const here = new URL("widgets/", script.src).href;
  script.setAttribute("data-jupyter-widgets-cdn", here);
  require.config({ baseUrl: here });
})();
