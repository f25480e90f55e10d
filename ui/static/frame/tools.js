// Below an answer: read it aloud, say whether it helped, go on with another question.
import { button, element, hasKana, withNames } from "./dom.js";
import { language, say, worded } from "./words.js";

const AGAIN_MS = 3000;
const REASONS = ["wrong", "not_asked", "hard", "incomplete"];
const voices = window.speechSynthesis; // missing in some browsers

const canSpeak = () => Boolean(voices && voices.getVoices().length);

export function showReaders() {
  for (const one of document.querySelectorAll(".read")) one.hidden = !canSpeak();
}
voices?.addEventListener?.("voiceschanged", showReaders);

export function silence() {
  voices?.cancel();
  for (const one of document.querySelectorAll(".read")) one.replaceChildren(say("read"));
}

export function reader(answer) {
  const made = button("tool read", say("read"), () => {
    const speaking = made.dataset.on === "1";
    silence();
    made.dataset.on = speaking ? "" : "1";
    if (!speaking) speak(answer, made);
  });
  made.hidden = !canSpeak();
  return made;
}

function speak(answer, made) {
  made.replaceChildren(say("stop"));
  const lines = answer.text.replace(/\[\d+\]/g, "").split("\n").filter((line) => line.trim());
  lines.forEach((line, number) => {
    const said = new SpeechSynthesisUtterance(line);
    said.lang = hasKana(line) ? "ja-JP" : language().split("-")[0];
    if (number === lines.length - 1) said.onend = () => { made.dataset.on = ""; made.replaceChildren(say("read")); };
    voices.speak(said);
  });
}

export function votes(answer, told) {
  const group = element("div", "votes");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", say("helpful"));
  const reasons = element("div", "reasons");
  reasons.hidden = true;
  let earlier = Promise.resolve(); // the last vote counts, so they go out one after the other
  const vote = async (made, choice, reason) => {
    for (const one of made.parentElement.querySelectorAll("[aria-pressed]")) one.setAttribute("aria-pressed", String(one === made));
    const body = JSON.stringify({ answer_id: answer.id, vote: choice, ...(reason && { reason }) });
    const headers = { "Content-Type": "application/json" };
    const send = () => fetch("/api/public/feedback", { method: "POST", headers, body, credentials: "omit" });
    earlier = earlier.then(send, send);
    if ((await earlier).ok) told(say("thanks"));
  };
  const choices = ["yes", "no"].map((name) => toggle(`tool ${name}`, say(name), (made) => {
    reasons.hidden = name === "yes";
    return vote(made, name === "yes" ? "up" : "down");
  }));
  reasons.append(worded("p", "aside", "why"), ...REASONS.map((name) =>
    toggle("tool", say(`reason_${name}`), (made) => vote(made, "down", name))));
  group.append(worded("span", "helpful", "helpful"), ...choices, reasons);
  return group;
}

function toggle(className, label, act) {
  const made = button(className, label, () => act(made).catch(() => {})); // a vote that is lost is not worth a word
  made.setAttribute("aria-pressed", "false");
  return made;
}

// Questions as a list of buttons; `ask(question)` is called with the one chosen.
export function questions(list, found, ask) {
  list.replaceChildren(...found.map((question) =>
    element("li", "", button("", withNames(question, language()), () => ask(question)))));
}

// The server looks for questions for one visitor at a time: where there are none, a second try.
export async function patiently(after = "") {
  const found = await suggested(after);
  if (found.length) return found;
  await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
  return suggested(after);
}

async function suggested(after) {
  try {
    const query = new URLSearchParams({ after, language: language() });
    const response = await fetch(`/api/public/suggestions?${query}`, { credentials: "omit" });
    return response.ok ? (await response.json()).questions : [];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return []; // no network: the page works without them
  }
}
