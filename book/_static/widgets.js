// Tell require.js and the widget manager that everything they look for lies beside them, wherever the site is put.
(() => {
  const here = new URL("widgets/", document.currentScript.src).href;
  document.currentScript.setAttribute("data-jupyter-widgets-cdn", here);
  require.config({ baseUrl: here });
})();
