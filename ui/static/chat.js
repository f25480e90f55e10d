// Finishes the chat page: language marks, Japanese names for controls that Gradio names in English, copying.
(() => {
  "use strict";
  document.documentElement.lang = "ja";

  const NAMES = [
    [/^chatbot conversation$/, () => "会話"],
    [/^Loading response$/, () => "回答を作っています"],
    [/^Scroll to bottom$/, () => "いちばん下へ"],
  ];

  function rename(root) {
    // Gradio repeats a message's markup as the label of its box; the text inside says it better.
    root.querySelectorAll("#conversation [data-testid][aria-label]").forEach((box) => box.removeAttribute("aria-label"));
    for (const element of root.querySelectorAll("[aria-label], [title]")) {
      for (const attribute of ["aria-label", "title"]) {
        const name = element.getAttribute(attribute);
        for (const [english, japanese] of name ? NAMES : []) {
          const found = english.exec(name);
          if (found) element.setAttribute(attribute, japanese(found));
        }
      }
    }
  }

  // Shows a new question, and then its complete answer, from the beginning.
  let shown = "";
  function follow() {
    const questions = document.querySelectorAll("#conversation .kn-question");
    const complete = document.querySelectorAll("#conversation .kn-answer:not(.kn-draft)");
    const state = `${questions.length}/${complete.length}`;
    if (state === shown) return;
    shown = state;
    questions[questions.length - 1]?.scrollIntoView({ block: "start" });
  }

  new MutationObserver(() => { rename(document); follow(); }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label", "title"],
  });

  function copyable(answer) {
    const clone = answer.cloneNode(true);
    clone.querySelectorAll(".kn-tools, .kn-label").forEach((element) => element.remove());
    clone.querySelectorAll("a[href]").forEach((link) => link.setAttribute("href", link.href));
    clone.querySelectorAll("[class], [aria-label], [target], [rel]").forEach((element) => {
      for (const name of ["class", "aria-label", "target", "rel"]) element.removeAttribute(name);
    });
    const lines = [...clone.querySelectorAll("p, li")].map((line) => {
      const place = line.querySelector(":scope > a");
      const quote = line.querySelector(":scope > blockquote");
      return quote ? `${place.textContent}\n${quote.textContent}\n${place.href}` : line.textContent;
    });
    return { html: clone.innerHTML, text: lines.join("\n") };
  }

  // The event form works without HTTPS too, where navigator.clipboard does not exist.
  function copy({ html, text }) {
    const fill = (event) => {
      event.clipboardData.setData("text/html", html);
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", fill, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill);
    return done;
  }

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest(".kn-copy") : null;
    const answer = button?.closest(".kn-answer");
    if (!answer) return;
    const words = button.textContent;
    button.textContent = copy(copyable(answer)) ? "コピーしました" : "コピーできませんでした";
    setTimeout(() => { button.textContent = words; }, 2000);
  });
})();
