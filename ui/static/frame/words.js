// What the page says, in the reader's language; やさしい日本語 comes with readings.
import { element, ruby } from "./dom.js";

let said = { words: {}, pieces: {} };

export const language = () => document.documentElement.lang;

export async function use(code) {
  const response = await fetch(`/widget/words/${code}.json`, { credentials: "omit" });
  if (!response.ok) return false;
  said = await response.json();
  document.documentElement.lang = code;
  document.title = said.words.title;
  for (const place of document.querySelectorAll("[data-word]")) put(place, place.dataset.word);
  return true;
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export const say = (name, values = {}) => filled(said.words[name], values);

export function put(place, name, values = {}) {
  const pieces = said.pieces[name] ?? [[said.words[name], ""]];
  place.replaceChildren(ruby(pieces.map(([text, reading]) => [filled(text, values), reading])));
  return place;
}

export const worded = (tag, className, name, values) => put(element(tag, className), name, values);
