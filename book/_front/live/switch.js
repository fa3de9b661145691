// The "Run code" switch of a page with cells. What runs code is loaded when it is pressed, and not before.
// It is a deferred script: the page is read.
const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
const button = /** @type {HTMLButtonElement} */ (document.querySelector(".run-code"));
button.addEventListener("click", press);

async function press() {
  const on = button.getAttribute("aria-pressed") === "false";
  button.disabled = true;
  try {
    const live = await import(new URL("live.js", here).href);
    on ? live.begin() : live.end();
    button.setAttribute("aria-pressed", String(on));
  } catch (error) {
    console.error(error);
    button.textContent = "Run code could not be loaded: try again";
  }
  button.disabled = false;
}
