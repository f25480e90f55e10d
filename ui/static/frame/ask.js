// Asks the public endpoint and reads its server-sent events; nothing is stored, no cookie is sent.
import { prove } from "./proof.js";

const REMEMBERED = 3; // exchanges sent along, so that a follow-up is understood
const TURN_MAX_CHARS = 4000; // the longest turn that the server takes
const history = [];

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail);
    this.status = status;
    this.problem = problem;
  }
}

// `told(name, data)` hears each event; `proving()` that a proof of work is under way. Gives the complete answer.
export async function ask(question, language, told, proving) {
  const body = JSON.stringify({ question, history: history.slice(-2 * REMEMBERED), language, stream: true });
  let response = await send(body);
  if (response.status === 428) {
    const { challenge } = await response.json();
    proving();
    response = await send(body, { "X-Keikaku-Proof": await prove(challenge) });
  }
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})));
  const answer = await lastOf(response.body, told);
  history.push({ role: "user", content: question }, { role: "assistant", content: answer.text.slice(0, TURN_MAX_CHARS) });
  return answer;
}

function send(body, more = {}) {
  const headers = { "Content-Type": "application/json", ...more };
  return fetch("/api/public/ask", { method: "POST", headers, body, credentials: "omit" });
}

async function lastOf(stream, told) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Refused(500, {});
    const events = (rest + value).replace(/\r\n/g, "\n").split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [name, data] = read(event);
      if (name === "answer") return data;
      if (name === "error") throw new Refused(data.status, data);
      if (name) told(name, data);
    }
  }
}

function read(event) {
  const lines = event.split("\n");
  const of = (field) => lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).trimStart());
  const data = of("data").join("\n");
  return data ? [of("event")[0], JSON.parse(data)] : ["", null];
}
