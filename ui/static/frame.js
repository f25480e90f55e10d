// The question window: asks POST /api/public/ask and shows answer, quotes and links. Text only, no HTML is parsed.
// The conversation lives in this page alone: nothing is stored.
(() => {
  "use strict";
  const VERSION = 1; // of the messages between the loader and this frame
  const REMEMBERED = 3; // exchanges sent along, so that a follow-up is understood
  const TURN_MAX_CHARS = 4000; // the longest turn that the server takes
  const WORDS = {
    ja: {
      you: "あなたの質問",
      reply: "回答",
      searching: "計画文書を調べています…",
      arrived: "回答が届きました。",
      sources: "出典（計画文書のことば）",
      sourceLink: "出典を新しいタブで開く",
      asked: (text) => `「${text}」として調べました。`,
      page: (number) => `${number}ページ`,
      contact: (who) => `お問い合わせ先：${who}`,
      status: {
        partial: "お答えできたのは一部です",
        no_evidence: "計画文書には見つかりませんでした",
        refused: "この質問にはお答えできません",
        error: "うまく答えられませんでした",
      },
      advice: {
        no_evidence: "施策の名前や年度を入れるなど、言葉を変えてもう一度お試しください。",
        error: "少し待ってから、もう一度お試しください。",
      },
      limited: "ただいま質問が混み合っています。1分ほど待ってから、もう一度お試しください。",
      invalid: "質問を受け取れませんでした。短い文にして、もう一度お試しください。",
      offline: "つながりませんでした。通信の状態を確かめて、もう一度お試しください。",
    },
  };
  const lang = document.documentElement.lang;
  const words = WORDS[lang] || WORDS.ja;
  const [main, log, live, form, box] = ["main", "#log", "#live", "#ask", "#question"].map((one) => document.querySelector(one));
  const send = form.querySelector("button");
  const examples = document.querySelector("#examples");
  const history = [];
  let loader = null; // origin of the page that holds this frame, once it has spoken

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function link(citation, className, text) {
    const made = element("a", className, text);
    if (citation.url.startsWith("/documents/")) {
      made.href = citation.url;
      made.target = "_blank";
      made.rel = "noopener";
    }
    return made;
  }

  function paragraph(text, citations) {
    const made = element("p");
    for (const part of text.split(/(\[\d{1,3}\])/)) {
      const citation = /^\[\d+\]$/.test(part) && citations.find((one) => `[${one.number}]` === part);
      if (!citation) { made.append(part); continue; }
      const mark = link(citation, "mark", part);
      mark.setAttribute("aria-label", `${part} ${words.sourceLink}`);
      made.append(mark);
    }
    return made;
  }

  function source(citation) {
    const item = element("li");
    const place = [...new Set([citation.title, ...citation.section])].join(" › ");
    const page = citation.page === null ? "" : `（${words.page(citation.page)}）`;
    item.append(link(citation, "source", `[${citation.number}] ${place}${page}`), element("blockquote", "", `「${citation.quote}」`));
    return item;
  }

  function showAnswer(target, answer, question) {
    const solid = (text) => text.replace(/\s/g, "");
    const asked = answer.standalone_question;
    if (asked && solid(asked) !== solid(question)) target.append(element("p", "aside", words.asked(asked)));
    if (words.status[answer.status]) target.append(element("p", "status", words.status[answer.status]));
    for (const line of answer.text.split("\n").filter((one) => one.trim())) target.append(paragraph(line, answer.citations));
    if (words.advice[answer.status]) target.append(element("p", "aside", words.advice[answer.status]));
    const contact = main.dataset.contact;
    if (["no_evidence", "partial", "error"].includes(answer.status) && contact && !answer.text.includes(contact)) {
      target.append(element("p", "aside", words.contact(contact)));
    }
    if (!answer.citations.length) return;
    const list = element("ul", "sources");
    list.append(...answer.citations.map(source));
    target.append(element("h3", "", words.sources), list);
  }

  function showProblem(target, text) {
    target.append(element("p", "status", words.status.error), element("p", "", text));
  }

  function problemOf(response) {
    if (response.status === 429 || response.status === 503) return words.limited;
    return response.status >= 400 && response.status < 500 ? words.invalid : words.advice.error;
  }

  async function request(question) {
    const body = JSON.stringify({ question, history: history.slice(-2 * REMEMBERED), language: lang });
    return fetch("/api/public/ask", { method: "POST", headers: { "Content-Type": "application/json" }, body, credentials: "omit" });
  }

  function newExchange(question) {
    const exchange = element("section", "exchange");
    const answer = element("div", "answer");
    answer.append(element("p", "waiting", words.searching));
    const asked = element("h2", "asked");
    asked.append(element("span", "hidden-text", `${words.you}：`), question);
    exchange.append(asked, answer);
    log.append(exchange);
    return { exchange, answer };
  }

  async function ask(question) {
    examples.hidden = true;
    send.disabled = true;
    const { exchange, answer: target } = newExchange(question);
    exchange.scrollIntoView({ block: "start" });
    live.textContent = words.searching;
    try {
      const response = await request(question);
      target.replaceChildren();
      if (response.ok) {
        const answer = await response.json();
        showAnswer(target, answer, question);
        history.push({ role: "user", content: question }, { role: "assistant", content: answer.text.slice(0, TURN_MAX_CHARS) });
        live.textContent = `${words.arrived}${answer.text.replace(/\[\d+\]/g, "")}`;
      } else {
        showProblem(target, problemOf(response));
        live.textContent = problemOf(response);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch fails with TypeError where there is no network
      target.replaceChildren();
      showProblem(target, words.offline);
      live.textContent = words.offline;
    } finally {
      send.disabled = false;
      exchange.scrollIntoView({ block: "start" });
    }
  }

  function submit() {
    const question = box.value.trim();
    if (!question || send.disabled) return;
    box.value = "";
    ask(question);
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // Enter also ends a kana conversion
    event.preventDefault();
    submit();
  });
  examples.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) { ask(button.textContent); box.focus(); }
  });

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.from !== "keikaku-navi" || event.data.version !== VERSION) return;
    loader = event.origin;
    if (event.data.type === "focus") box.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && loader) {
      window.parent.postMessage({ from: "keikaku-navi", version: VERSION, type: "close" }, loader);
    }
  });
  if (window.parent !== window) document.documentElement.classList.add("embedded");
})();
