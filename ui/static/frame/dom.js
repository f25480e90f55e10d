// Elements made by hand: text only, no HTML is ever parsed.

export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function button(className, label, act) {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// Pieces [text, reading or ""] with the reading over the text.
export function ruby(pieces) {
  const all = document.createDocumentFragment();
  for (const [text, reading] of pieces) {
    all.append(reading ? element("ruby", "", text, element("rt", "", reading)) : text);
  }
  return all;
}

// Japanese names in 「」 within another language are marked as Japanese, so that they are read out as such.
export function withNames(text, language) {
  const all = document.createDocumentFragment();
  if (language.startsWith("ja")) { all.append(text); return all; }
  for (const part of text.split(/(「[^」]*」)/)) {
    if (!part.startsWith("「")) { all.append(part); continue; }
    const name = element("span", "", part);
    name.lang = "ja";
    all.append(name);
  }
  return all;
}

export const hasKana = (text) => /[ぁ-んァ-ヶ]/.test(text);
