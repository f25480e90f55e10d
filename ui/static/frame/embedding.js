// Messages between this frame and the loader on the page that holds it.

const NAME = "keikaku-navi";
const VERSION = 1;
// The origin of that page, as the browser names it; only listed origins may hold this frame (frame-ancestors).
const loader = document.referrer ? new URL(document.referrer).origin : null;

export const embedded = window.parent !== window;

export function tell(type, more = {}) {
  if (embedded && loader) window.parent.postMessage({ from: NAME, version: VERSION, type, ...more }, loader);
}

export function hear(focus) {
  window.addEventListener("message", (event) => {
    const own = event.source === window.parent && event.origin === loader;
    if (own && event.data?.from === NAME && event.data.version === VERSION && event.data.type === "focus") focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tell("close");
  });
}
