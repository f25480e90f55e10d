// An answer as it is shown: text with [n] marks, the quoted evidence, whom to ask, words explained.
import { element, hasKana, ruby, withNames } from "./dom.js";
import { language, put, say, worded } from "./words.js";

const MARK = /(\[\d{1,3}\])/;

function link(citation, className, ...children) {
  const made = element("a", className, ...children);
  if (citation.url.startsWith("/documents/")) {
    made.href = citation.url;
    made.target = "_blank";
    made.rel = "noopener";
  }
  return made;
}

function mark(text, citation) {
  const made = link(citation, "mark", text);
  made.setAttribute("aria-label", `${text} ${say("opens")}`);
  return made;
}

// Lines of pieces: the text is cut at line ends and at [n] marks, which become links.
function linesOf(pieces) {
  const lines = [[]];
  for (const [text, reading] of pieces) {
    text.split("\n").forEach((part, number) => {
      if (number) lines.push([]);
      for (const one of part.split(MARK)) if (one) lines.at(-1).push([one, reading]);
    });
  }
  return lines.filter((line) => line.some(([text]) => text.trim()));
}

function paragraph(pieces, citations) {
  const text = pieces.map(([one]) => one).join("");
  const made = element("p");
  made.lang = hasKana(text) && !language().startsWith("ja") ? "ja" : language();
  for (const piece of pieces) {
    const citation = MARK.test(piece[0]) && citations.find((one) => `[${one.number}]` === piece[0]);
    if (citation) made.append(mark(piece[0], citation));
    else made.append(piece[1] ? ruby([piece]) : withNames(piece[0], made.lang));
  }
  return made;
}

function source(citation, pieces) {
  const place = [...new Set([citation.title, ...citation.section])].join(" › ");
  const name = element("span", "", place);
  name.lang = "ja";
  const page = citation.page === null ? [] : [worded("span", "page", "page", { number: citation.page })];
  const closedUp = (pieces ?? [[citation.quote, ""]]).map(([text, reading]) => [text.replace(/\n\s*\n/g, "\n"), reading]);
  const quote = element("blockquote", "", "「", ruby(closedUp), "」");
  quote.lang = "ja";
  const opens = element("span", "hidden-text", ` ${say("opens")}`);
  return element("li", "", link(citation, "source", `[${citation.number}] `, name, " ", ...page, opens), quote);
}

export function sources(citations, quotes = {}) {
  if (!citations.length) return [];
  const list = element("ul", "sources");
  list.append(...citations.map((one) => source(one, quotes[one.number])));
  return [worded("h3", "", "sources"), list];
}

function terms(explained) {
  if (!explained.length) return [];
  const list = element("dl", "terms");
  for (const { term, meaning } of explained) {
    list.append(element("div", "", element("dt", "", ruby(term)), element("dd", "", ruby(meaning))));
  }
  return [worded("h3", "", "terms"), list];
}

const withoutSpaces = (text) => text.replace(/\s/g, "");

export function shown(answer, question, contact) {
  const parts = [];
  const asked = answer.standalone_question;
  if (asked && withoutSpaces(asked) !== withoutSpaces(question)) parts.push(worded("p", "aside", "asked", { text: asked }));
  if (answer.status !== "answered") parts.push(worded("p", "status", answer.status));
  parts.push(...linesOf(answer.easy?.text ?? [[answer.text, ""]]).map((line) => paragraph(line, answer.citations)));
  parts.push(...sources(answer.citations, answer.easy?.quotes));
  parts.push(...terms(answer.easy?.terms ?? []));
  if (answer.status === "no_evidence") parts.push(worded("p", "aside", "try_other_words"));
  if (["no_evidence", "partial", "error"].includes(answer.status) && !answer.text.includes(contact)) parts.push(whom(contact));
  return parts;
}

export function whom(contact) {
  return worded("p", "contact", "contact", { contact });
}

export function problem(name, said = "") {
  const detail = element("p", "", said);
  detail.lang = "ja";
  return [put(element("p", "status"), name === "paused" ? "paused" : "error"), ...(said ? [detail] : name === "paused" ? [] : [worded("p", "", name)])];
}
