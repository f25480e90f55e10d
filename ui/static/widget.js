// Loader of the citizens' widget: <script async src="https://…/widget.js" data-lang="ja"></script>
// One button; the frame is made when it is first opened. Nothing is stored, nothing else is requested.
(() => {
  "use strict";
  const NAME = "keikaku-navi";
  const VERSION = 1; // of the messages between this loader and the frame
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const lang = script.dataset.lang || "ja";
  const WORDS = { ja: { open: "計画について質問する", close: "閉じる" } };
  const words = WORDS[lang] || WORDS.ja;

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; font-family: "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI",
      Meiryo, system-ui, sans-serif; }
    [hidden] { display: none !important; }
    button { font-size: 1rem; font-weight: 600; cursor: pointer; }
    button:focus-visible { outline: 3px solid #1a6fd4; outline-offset: 2px; }
    .open { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; min-height: 52px; padding: 0.6rem 1.3rem;
      border: 2px solid #fff; border-radius: 26px; background: #17594a; color: #fff;
      box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
    .open:hover { background: #0e4438; }
    .panel { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; display: flex; flex-direction: column;
      width: min(26rem, calc(100vw - 2rem)); height: min(40rem, calc(100vh - 2rem)); overflow: hidden;
      border: 1px solid #b9c8c3; border-radius: 14px; background: #fff; box-shadow: 0 10px 40px rgb(0 0 0 / 25%); }
    .bar { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: 0.35rem 0.5rem 0.35rem 1rem;
      background: #17594a; color: #fff; font-size: 1rem; font-weight: 700; }
    .close { min-width: 44px; min-height: 44px; padding: 0 0.8rem; border: 0; border-radius: 8px; background: none;
      color: #fff; }
    .close:hover { background: #0e4438; }
    .close:focus-visible { outline-color: #fff; outline-offset: -3px; }
    iframe { flex: 1; width: 100%; border: 0; }
    @media (max-width: 30rem) {
      .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
    }
    @media print { :host { display: none; } }
  `;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  class KeikakuNavi extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet(); // allowed under a style-src that forbids inline styles
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.opener = element("button", "open", words.open);
      this.opener.type = "button";
      this.opener.setAttribute("aria-expanded", "false");
      this.opener.addEventListener("click", () => this.open());
      this.panel = this.makePanel();
      root.append(this.opener, this.panel);
      root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
      window.addEventListener("message", (event) => this.hear(event));
    }

    makePanel() {
      const panel = element("div", "panel");
      panel.hidden = true;
      panel.lang = lang;
      panel.setAttribute("role", "dialog");
      panel.setAttribute("aria-label", words.open);
      const bar = element("div", "bar");
      this.closer = element("button", "close", words.close);
      this.closer.type = "button";
      this.closer.addEventListener("click", () => this.close());
      bar.append(element("span", "", words.open), this.closer);
      panel.append(bar);
      return panel;
    }

    open() {
      this.panel.hidden = false;
      this.opener.hidden = true;
      this.opener.setAttribute("aria-expanded", "true");
      if (this.frame) { this.tell("focus"); return; }
      this.frame = element("iframe");
      this.frame.title = words.open;
      this.frame.allow = "clipboard-write";
      this.frame.referrerPolicy = "origin";
      this.frame.src = `${base}/widget?lang=${encodeURIComponent(lang)}`;
      this.frame.addEventListener("load", () => this.tell("focus"));
      this.panel.append(this.frame);
      this.closer.focus();
    }

    close() {
      if (this.panel.hidden) return;
      this.panel.hidden = true;
      this.opener.hidden = false;
      this.opener.setAttribute("aria-expanded", "false");
      this.opener.focus();
    }

    tell(type) {
      this.frame.focus();
      this.frame.contentWindow.postMessage({ from: NAME, version: VERSION, type }, base);
    }

    hear(event) {
      const mine = this.frame && event.source === this.frame.contentWindow && event.origin === base;
      if (mine && event.data?.from === NAME && event.data.version === VERSION && event.data.type === "close") this.close();
    }
  }

  function start() {
    if (!customElements.get(NAME)) customElements.define(NAME, KeikakuNavi);
    if (!document.querySelector(NAME)) document.body.append(document.createElement(NAME));
  }

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
