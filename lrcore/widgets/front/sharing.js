// The state of a derivation in an address: JSON, deflated, as base64url, of bounded size on the way in and out.

const LONGEST_LINK = 16_000;
const LARGEST_STATE = 200_000;
const PREFIX = "#check=";

export const toHash = (state) => pack(PREFIX, state);

// The address of a state, or null where it is too long for one.
export async function pack(prefix, state) {
  const squeezed = await through(new Blob([JSON.stringify(state)]), new CompressionStream("deflate-raw"), LARGEST_STATE);
  const text = btoa(squeezed.reduce((all, byte) => all + String.fromCharCode(byte), ""));
  const hash = prefix + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return hash.length > LONGEST_LINK ? null : hash;
}

// The state in an address, or null where there is none that this page has made.
export const fromHash = async (hash) => sound(await unpack(PREFIX, hash));

export async function unpack(prefix, hash) {
  if (!hash.startsWith(prefix) || hash.length > 2 * LONGEST_LINK) return null;
  try {
    const letters = atob(hash.slice(prefix.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await through(new Blob([Uint8Array.from(letters, (one) => one.charCodeAt(0))]), new DecompressionStream("deflate-raw"), LARGEST_STATE);
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

async function through(blob, stream, most) {
  const reader = blob.stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw new Error("too large");
    }
    parts.push(next.value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// Only what a state is made of: strings, in their places.
export function sound(given) {
  if (typeof given?.text !== "string" || !Array.isArray(given.rows)) return null;
  const rows = given.rows.filter((row) => Array.isArray(row) && row.every((cell) => typeof cell === "string")).map((row) => row.slice(0, 4));
  const word = (value) => (typeof value === "string" ? value.slice(0, 40) : "");
  const without = Array.isArray(given.without) ? given.without.filter((one) => typeof one === "string").slice(0, 60) : [];
  return { text: given.text, without, rows: rows.slice(0, 60), layout: word(given.layout) || "gradient", start: word(given.start), challenge: word(given.challenge) };
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // a browser that keeps nothing: the page works without
  }
}

export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}
