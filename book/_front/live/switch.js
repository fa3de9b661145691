// The "Run code" switch of a page with cells. What runs code is loaded when it is pressed, and not before.
// It is a deferred script: the page is read.
const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
const button = /** @type {HTMLButtonElement} */ (document.querySelector(".run-code"));
const without = document.querySelector(".run-without");
button.addEventListener("click", press);
if (without) warn();

// A server that runs kernels itself has numpy, whatever Python in the page lacks.
async function warn() {
  const answer = await fetch(location.href, { method: "HEAD" }).catch(() => null);
  without.classList.toggle("shown", answer?.headers.get("Book-Kernel") !== "local");
}

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
