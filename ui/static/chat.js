// Finishes the chat page: language marks, Japanese names for controls that Gradio names in English, copying,
// votes, questions to go on with, and the address of the conversation.
(() => {
  "use strict";
  document.documentElement.lang = "ja";

  const NAMES = [
    [/^chatbot conversation$/, () => "会話"],
    [/^Loading response$/, () => "回答を作っています"],
    [/^Scroll (?:to bottom|down)$/, () => "下へ"],
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

  // The address names the conversation once it is kept, so that it can be come back to.
  function address() {
    const kept = document.querySelectorAll("#conversation .kn-kept");
    const url = kept[kept.length - 1]?.getAttribute("href");
    if (url && location.pathname + location.search !== url) history.replaceState(history.state, "", url);
  }

  new MutationObserver(() => { rename(document); follow(); address(); }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label", "title"],
  });

  function copyable(answer) {
    const clone = answer.cloneNode(true);
    clone.querySelectorAll(".kn-tools, .kn-label, .kn-next, .kn-reason").forEach((element) => element.remove());
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

  // A word at the edge of the page: an answer may be drawn anew while its button is pressed.
  const said = document.createElement("div");
  said.className = "kn-said";
  said.setAttribute("role", "status");
  function say(words) {
    document.querySelector(".gradio-container").append(said);
    said.textContent = words;
    setTimeout(() => { said.textContent = ""; }, 3000);
  }

  // Asks a question as if it had been typed.
  function ask(question) {
    const box = document.querySelector(".kn-box textarea");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.querySelector(".kn-box .submit-button").click(), 60); // once Gradio has taken it
  }

  function idOf(answer) {
    return [...answer.classList].find((name) => name.startsWith("answer-")).slice("answer-".length);
  }

  async function send(answer, vote, comment) {
    const reply = await fetch("/api/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ answer_id: idOf(answer), vote, comment }),
    });
    return reply.ok;
  }

  const REASONS = ["数や事実がまちがっている", "出典が合っていない", "足りない", "わかりにくい", "そのほか"];

  // What was wrong, asked for once a vote is down.
  function reasonForm(answer) {
    const form = document.createElement("form");
    form.className = "kn-reason";
    const id = `reason-${idOf(answer)}`;
    form.innerHTML = `<label for="${id}">どこが役に立ちませんでしたか</label><select id="${id}"></select>
      <label for="${id}-words">くわしく（書かなくてもかまいません）</label><textarea id="${id}-words" maxlength="900" rows="2"></textarea>
      <p class="kn-tools"><button type="submit" class="kn-send">送る</button></p>`;
    for (const reason of REASONS) form.querySelector("select").add(new Option(reason, reason));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const words = form.querySelector("textarea").value.trim();
      const said = form.querySelector("select").value + (words ? `：${words}` : "");
      const sent = await send(answer, "down", said);
      form.innerHTML = "<p role='status'></p>";
      form.firstChild.textContent = sent ? "ありがとうございます。改善に使います。" : "送れませんでした。";
    });
    return form;
  }

  async function vote(button, answer) {
    const down = button.matches(".kn-down");
    if (!await send(answer, down ? "down" : "up", "")) {
      say("送れませんでした");
      return;
    }
    answer.querySelectorAll(".kn-vote").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    answer.querySelector(".kn-reason")?.remove();
    if (down) {
      const form = reasonForm(answer);
      button.closest(".kn-tools").after(form);
      form.querySelector("select").focus();
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("#conversation button") : null;
    const answer = button?.closest(".kn-answer");
    if (!answer) return;
    if (button.matches(".kn-copy")) say(copy(copyable(answer)) ? "コピーしました" : "コピーできませんでした");
    else if (button.matches(".kn-ask")) ask(button.textContent);
    else if (button.matches(".kn-vote")) vote(button, answer);
  });
})();
