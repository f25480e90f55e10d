// Loader of the citizens' widget: <script async src="https://…/widget.js" data-lang="ja"></script>
// One button; the frame is made when it is first opened. Nothing is stored, nothing else is requested.
(() => {
  "use strict";
  const NAME = "keikaku-navi";
  const VERSION = 1; // of the messages between this loader and the frame
  const WORDS = /* WORDS */ {};
  const script = document.currentScript;
  const base = new URL(script.src).origin;

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; font-family: "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI",
      Meiryo, system-ui, sans-serif; }
    [hidden] { display: none !important; }
    button { font-size: 1rem; font-weight: 600; line-height: 1.4; cursor: pointer; }
    button:focus-visible { outline: 3px solid #1a6fd4; outline-offset: 2px; box-shadow: 0 0 0 2px #fff; }
    .open { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; max-width: calc(100vw - 2rem);
      min-height: 52px; padding: 0.6rem 1.3rem; border: 2px solid #fff; border-radius: 26px; background: #17594a;
      color: #fff; box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
    .open.aside { right: auto; left: 1rem; }
    .open:hover { background: #0e4438; }
    dialog { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; flex-direction: column; margin: 0;
      padding: 0; width: min(27rem, calc(100vw - 2rem)); height: min(42rem, calc(100vh - 2rem)); max-width: none;
      max-height: none; overflow: hidden; border: 1px solid #6f827d; border-radius: 14px; background: #fff;
      box-shadow: 0 10px 40px rgb(0 0 0 / 25%); }
    dialog[open] { display: flex; }
    .bar { display: flex; flex: none; align-items: center; justify-content: space-between; gap: 0.75rem;
      padding: 0.3rem 0.4rem 0.3rem 1rem; background: #17594a; color: #fff; font-size: 1rem; font-weight: 700;
      line-height: 1.4; }
    .close { flex: none; min-width: 44px; min-height: 44px; padding: 0 0.8rem; border: 1px solid transparent;
      border-radius: 8px; background: none; color: #fff; }
    .close:hover { background: #0e4438; }
    .close:focus-visible { outline-color: #fff; outline-offset: -3px; box-shadow: none; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; }
    @media (max-width: 30rem), (max-height: 30rem) {
      dialog { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; }
    }
    @media print { :host { display: none; } }
  `;

  // The language whose words there are for a tag: zh-Hans-CN is zh; where there are none, Japanese.
  function known(tag) {
    const asked = tag.toLowerCase();
    return [asked, asked.split("-")[0]].find((one) => WORDS[one]) || "ja";
  }

  function element(tag, className) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (tag === "button") made.type = "button";
    return made;
  }

  class KeikakuNavi extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet(); // allowed under a style-src that forbids inline styles
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.opener = element("button", "open");
      this.opener.setAttribute("aria-haspopup", "dialog");
      this.opener.addEventListener("click", () => this.open());
      this.panel = element("dialog");
      const bar = element("div", "bar");
      this.heading = element("span");
      this.closer = element("button", "close");
      this.closer.addEventListener("click", () => this.close());
      bar.append(this.heading, this.closer);
      this.panel.append(bar);
      this.panel.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
      root.append(this.opener, this.panel);
      this.speak(known(script.dataset.lang || document.documentElement.lang || "ja"));
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) this.close();
      });
      document.addEventListener("focusin", (event) => this.giveWay(event.target));
      window.addEventListener("message", (event) => this.hear(event));
    }

    speak(language) {
      this.language = language;
      const { open, close } = WORDS[language];
      for (const one of [this.opener, this.panel]) one.lang = language;
      this.opener.textContent = this.heading.textContent = open;
      this.closer.textContent = close;
      this.panel.setAttribute("aria-label", open);
      if (this.frame) this.frame.title = open;
    }

    // The button moves to the other side where it would cover what has the focus (WCAG 2.4.11).
    giveWay(focused) {
      if (focused === this || this.opener.hidden) return;
      this.opener.classList.remove("aside");
      const own = this.opener.getBoundingClientRect();
      const one = focused.getBoundingClientRect();
      const over = one.right > own.left && one.left < own.right && one.bottom > own.top && one.top < own.bottom;
      this.opener.classList.toggle("aside", over);
    }

    open() {
      // Where it fills the window, what lies under it cannot be reached.
      if (window.matchMedia("(max-width: 30rem), (max-height: 30rem)").matches) this.panel.showModal();
      else this.panel.show();
      this.opener.hidden = true;
      if (this.frame) { this.tell("focus"); return; }
      this.frame = element("iframe");
      this.frame.title = this.heading.textContent;
      this.frame.referrerPolicy = "origin";
      this.frame.src = `${base}/widget?lang=${this.language}`;
      this.panel.append(this.frame);
      this.closer.focus();
    }

    close() {
      if (!this.panel.open) return;
      const within = document.activeElement === this;
      this.panel.close();
      this.opener.hidden = false;
      if (within) this.opener.focus();
    }

    tell(type) {
      this.frame.focus();
      this.frame.contentWindow.postMessage({ from: NAME, version: VERSION, type }, base);
    }

    hear(event) {
      const said = event.data;
      const mine = this.frame && event.source === this.frame.contentWindow && event.origin === base;
      if (!mine || said?.from !== NAME || said.version !== VERSION) return;
      if (said.type === "ready" && this.panel.open) this.tell("focus");
      if (said.type === "close") this.close();
      if (said.type === "language" && WORDS[said.language]) this.speak(said.language);
    }
  }

  function start() {
    if (!customElements.get(NAME)) customElements.define(NAME, KeikakuNavi);
    if (!document.querySelector(NAME)) document.body.append(document.createElement(NAME));
  }

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
