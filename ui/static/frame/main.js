// The citizens' window: questions and cited answers. The conversation lives in this page alone: nothing is stored.
import * as answers from "./answer.js";
import { ask, Refused } from "./ask.js";
import { element } from "./dom.js";
import { embedded, hear, tell } from "./embedding.js";
import { patiently, questions, reader, silence, votes } from "./tools.js";
import { language, put, say, use, worded } from "./words.js";

const [main, log, live, form, box, examples, languages] =
  ["main", "#log", "#live", "#ask", "#question", "#examples", "#language"].map((one) => document.querySelector(one));
const sendButton = form?.querySelector("button");
const contact = main.dataset.contact;
const announce = (text) => { live.textContent = text; };

function newExchange(question) {
  const asked = element("h2", "asked", worded("span", "hidden-text", "you"), element("span", "hidden-text", "："), question);
  const target = element("div", "answer", worded("p", "waiting", "searching"));
  target.setAttribute("aria-busy", "true");
  const exchange = element("section", "exchange", asked, target);
  log.append(exchange);
  exchange.scrollIntoView({ block: "start" });
  return { exchange, target };
}

// What has come so far: the text as it grows, and its evidence.
function underWay(target) {
  const text = element("p", "delta");
  let cited = [];
  return (name, data) => {
    if (name === "sources") cited = answers.sources(data.citations);
    if (name === "delta") text.append(data.text);
    target.replaceChildren(text, ...cited);
  };
}

async function exchange(question) {
  if (sendButton.getAttribute("aria-disabled") === "true") return;
  silence();
  examples.hidden = true;
  document.querySelector(".next")?.remove();
  sendButton.setAttribute("aria-disabled", "true");
  announce(say("searching"));
  const { exchange: made, target } = newExchange(question);
  try {
    const proving = () => { put(target.firstChild, "proving"); announce(say("proving")); };
    const answer = await ask(question, language(), underWay(target), proving);
    target.replaceChildren(...answers.shown(answer, question, contact), element("div", "tools", reader(answer), votes(answer, announce)));
    announce(`${say("arrived")}${answer.status === "answered" ? "" : say(answer.status)}`);
    goOn(made, answer);
  } catch (error) {
    fail(target, error);
  } finally {
    target.removeAttribute("aria-busy");
    sendButton.removeAttribute("aria-disabled");
    made.scrollIntoView({ block: "start" });
  }
}

function fail(target, error) {
  if (!(error instanceof Refused || error instanceof TypeError)) throw error; // fetch fails with TypeError offline
  const name = error instanceof Refused ? nameOf(error) : "offline";
  const said = name === "paused" ? error.problem.detail : "";
  target.replaceChildren(...answers.problem(name, said), answers.whom(contact));
  announce(say(name));
}

function nameOf({ status, problem }) {
  if (status === 503) return problem.paused ? "paused" : "try_later";
  if (status === 429 || status === 428) return "limited";
  return status >= 400 && status < 500 ? "invalid" : "try_later";
}

async function goOn(made, answer) {
  const found = answer.citations.length ? await patiently(answer.id) : [];
  if (!found.length || made.nextSibling) return;
  const list = element("ul", "questions");
  questions(list, found, chosen);
  made.append(element("div", "next", worded("h3", "", "next"), list));
}

async function begin() {
  const found = await patiently();
  if (!found.length || log.hasChildNodes()) return;
  questions(examples.querySelector("ul"), found, chosen);
  examples.hidden = false;
}

function chosen(question) {
  box.focus({ preventScroll: true });
  exchange(question);
}

function submit() {
  const question = box.value.trim();
  if (!question || sendButton.getAttribute("aria-disabled") === "true") return;
  box.value = "";
  exchange(question);
}

languages.addEventListener("change", async () => {
  silence();
  if (!(await use(languages.value))) return;
  tell("language", { language: languages.value });
  if (!embedded) window.history.replaceState(null, "", `?lang=${languages.value}`);
  if (form && !log.hasChildNodes()) { examples.hidden = true; begin(); }
});

form?.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
box?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // Enter also ends a kana conversion
  event.preventDefault();
  form.requestSubmit(); // the browser says what is missing
});

if (embedded) document.documentElement.classList.add("embedded");
hear(() => (box ?? main).focus());
await use(language());
document.documentElement.dataset.ready = "1";
tell("ready");
if (form) begin();
