// The "Run code" switch of a page with cells. What runs code is loaded when it is pressed, and not before.
// It is a deferred script: the page is read.
const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
const button = /** @type {HTMLButtonElement} */ (document.querySelector(".run-code"));
const without = document.querySelector(".run-without");
const PRESSED = "run-code pressed"; // in the session's storage: the page on which it was, before the page came anew
button.addEventListener("click", () => press(!self.crossOriginIsolated));
if (without) warn();
if (again()) press(false);

// A server that runs kernels itself has numpy, whatever Python in the page lacks.
async function warn() {
  const answer = await fetch(location.href, { method: "HEAD" }).catch(() => null);
  without.classList.toggle("shown", answer?.headers.get("Book-Kernel") !== "local");
}

async function press(alone) {
  const on = button.getAttribute("aria-pressed") === "false";
  button.disabled = true;
  if (on && alone && (await isolate())) return;
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

// Where the host does not isolate its pages, a service worker of the site does; then this page comes once more, by itself.
async function isolate() {
  try {
    const { active, waiting, installing } = await navigator.serviceWorker.register(new URL("../../isolate.js", here));
    if (!active) await activated(waiting ?? installing);
    sessionStorage.setItem(PRESSED, location.pathname);
    location.reload();
    return true;
  } catch {
    return false; // no https, or a browser that keeps no service worker: the bar says what that means
  }
}

function activated(worker) {
  return new Promise((done, failed) => {
    worker.onstatechange = () => ({ activated: done, redundant: failed })[worker.state]?.();
  });
}

function again() {
  try {
    const page = sessionStorage.getItem(PRESSED);
    sessionStorage.removeItem(PRESSED);
    return page === location.pathname;
  } catch {
    return false;
  }
}
