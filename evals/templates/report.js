// Filter and search of the cases; without it every case is shown.
const form = document.querySelector(".filter");
const cases = [...document.querySelectorAll(".case")];
const plain = (text) => text.normalize("NFKC").toLowerCase();
const texts = new Map(cases.map((one) => [one, plain(one.textContent)]));

function filter() {
  const words = plain(form.words.value).split(/\s+/).filter(Boolean);
  const { value: verdict } = form.verdict;
  const { value: kind } = form.kind;
  let shown = 0;
  for (const one of cases) {
    const fits =
      (!kind || one.dataset.kind === kind) &&
      (!verdict || one.dataset.verdict.split(" ").includes(verdict)) &&
      words.every((word) => texts.get(one).includes(word));
    one.hidden = !fits;
    shown += fits;
  }
  form.querySelector(".count").textContent = `${shown} / ${cases.length} 件`;
  document.querySelector(".nothing").hidden = shown > 0;
}

function openTarget() {
  const target = cases.find((one) => `#${one.id}` === decodeURIComponent(location.hash));
  if (!target) return;
  form.reset();
  filter();
  target.open = true;
  target.scrollIntoView();
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
filter();
openTarget();
