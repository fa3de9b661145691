// The "Run code" switch of a page with cells. What runs code is loaded when it is pressed, and not before.
const here = document.currentScript.src;

function offer() {
  const title = document.querySelector(".bd-article h1");
  if (!title || !document.querySelector(".bd-article .cell .cell_input")) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "run-code", textContent: "Run code" });
  button.title = "Edit and run the code of this page in place";
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => press(button));
  title.after(button);
}

async function press(button) {
  const on = button.getAttribute("aria-pressed") === "false";
  button.disabled = true;
  try {
    const live = await import(new URL("live.js", here));
    on ? live.begin(button) : live.end();
    button.setAttribute("aria-pressed", on);
  } catch (error) {
    console.error(error);
    button.textContent = "Run code could not be loaded: try again";
  }
  button.disabled = false;
}

document.readyState === "loading" ? addEventListener("DOMContentLoaded", offer) : offer();
