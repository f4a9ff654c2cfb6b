// The page of the service. Everything that comes from a text or from the service enters the
// document as text nodes, never as markup.

const $ = (id) => document.getElementById(id);
const COLOURS = 7;
const TAGS = 4; // Labels shown behind a passage; the tip shows more, the JSON all.
const ROWS = 8;
const NUMBER = new Intl.NumberFormat("en-GB");
let titles = new Map();
let descriptions = new Map();
let busy = false;
let shown = null; // What the result on screen was computed from: {text, view}.

/** Return a new element with properties and children; strings become text nodes. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const titleOf = (label) => titles.get(label) ?? label.replaceAll("_", " ");

const sentence = (words) => words && `${words[0].toUpperCase()}${words.slice(1)}.`;

/** Say a probability without rounding it to a certainty. */
function percent(probability) {
  if (probability > 0.995) return probability >= 1 ? "100%" : ">99%";
  if (probability < 0.005) return probability <= 0 ? "0%" : "<1%";
  return `${Math.round(probability * 100)}%`;
}

/** Say a contribution with its sign; the minus is a real one. */
function signed(value) {
  const size = Math.abs(value).toFixed(2);
  return `${value < 0 && Number(size) ? "\u2212" : "+"}${size}`;
}

/**
 * Turn offsets in Unicode code points, ascending, into offsets of a JavaScript string, which
 * counts UTF-16 units: a character beyond U+FFFF, such as most emoji, is two of these.
 */
export function unitOffsets(text, points) {
  let unit = 0;
  let point = 0;
  return points.map((wanted) => {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    return unit;
  });
}

/** Cut a text into its passages and what lies between them. */
export function pieces(text, rationale) {
  const offsets = unitOffsets(text, rationale.flatMap((passage) => [passage.start, passage.end]));
  const cut = [];
  let at = 0;
  rationale.forEach((passage, index) => {
    const [start, end] = offsets.slice(2 * index, 2 * index + 2);
    if (start > at) cut.push({ words: text.slice(at, start) });
    cut.push({ words: text.slice(start, end), passage });
    at = end;
  });
  if (at < text.length) cut.push({ words: text.slice(at) });
  return cut;
}

function colour(element, number) {
  const index = Math.min(number, COLOURS);
  element.style.setProperty("--c", `var(--c${index})`);
  element.style.setProperty("--b", `var(--b${index})`);
  return element;
}

const chip = (number) =>
  colour(make("span", { className: "chip", textContent: String(number), ariaHidden: "true" }), number);

/** Number the labels of an answer: the outcome is 1, reasons follow in their order. */
function numbered(answer) {
  const labels = [answer.outcome.label, ...answer.reasons.map((reason) => reason.label)];
  for (const passage of answer.rationale) labels.push(...passage.supports.map((s) => s.label));
  return new Map([...new Set(labels)].map((label, index) => [label, index + 1]));
}

function showOutcome({ outcome }) {
  $("unsure").hidden = !outcome.abstained;
  $("unsure-why").textContent =
    `The most probable outcome is “${titleOf(outcome.label)}” at ${percent(outcome.probability)}, ` +
    "which is below what this model needs to answer on its own.";
  const guess = outcome.abstained ? "Best guess: " : "";
  $("verdict").replaceChildren(chip(1), make("span", {}, guess + titleOf(outcome.label)));
  $("verdict").classList.toggle("unsettled", outcome.abstained);
  $("bars").replaceChildren(
    ...Object.entries(outcome.probabilities).map(([label, probability]) => {
      const fill = make("i");
      fill.style.setProperty("--share", probability);
      return make(
        "li",
        { className: label === outcome.label ? "best" : "" },
        make("span", {}, titleOf(label)),
        make("span", { className: "bar", ariaHidden: "true" }, fill),
        make("span", { className: "number" }, percent(probability)),
      );
    }),
  );
  const others = outcome.prediction_set.filter((label) => label !== outcome.label);
  $("set").textContent = others.length
    ? `Also not ruled out: ${others.map(titleOf).join(", ")}.`
    : "The other outcomes can be ruled out at the model’s stated error rate.";
}

function showReasons({ reasons }, numbers) {
  const rows = reasons.map((reason) =>
    make(
      "li",
      {},
      chip(numbers.get(reason.label)),
      make(
        "div",
        {},
        make("b", {}, titleOf(reason.label)),
        make("small", {}, sentence(descriptions.get(reason.label) ?? "")),
        make("small", {}, `Ground: ${reason.ground}`),
      ),
      make("span", { className: "number" }, percent(reason.probability)),
    ),
  );
  const none = make("li", { className: "none" }, "No reason was probable enough to be given.");
  $("reasons").replaceChildren(...(rows.length ? rows : [none]));
}

function showWarnings({ warnings }) {
  $("warnings").hidden = warnings.length === 0;
  $("warnings").replaceChildren(
    ...warnings.map(({ message }) => make("p", {}, make("b", {}, "Note: "), sentence(message))),
  );
}

function showLegend(answer, numbers) {
  const count = (label) =>
    answer.rationale.filter((p) => p.supports.some((s) => s.label === label)).length;
  $("legend").replaceChildren(
    ...[...numbers].map(([label, number]) => {
      const passages = count(label);
      const words = passages === 1 ? "1 passage" : `${passages || "no"} passages`;
      const button = make("button", { type: "button", disabled: passages === 0 });
      button.append(chip(number), `${titleOf(label)} · ${words}`);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => filter(button, label));
      return colour(button, number);
    }),
  );
}

/** Show the passages of one label alone, or all again. */
function filter(button, label) {
  const on = button.getAttribute("aria-pressed") !== "true";
  for (const other of $("legend").children) other.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", String(on));
  $("marked").classList.toggle("filtered", on);
  for (const mark of $("marked").querySelectorAll("mark")) {
    const supports = mark.passage.supports.find((support) => support.label === label);
    mark.classList.toggle("shown", Boolean(supports));
    mark.nextElementSibling.classList.toggle("shown", Boolean(supports));
    colour(mark, mark.numbers.get(on && supports ? label : mark.passage.supports[0].label));
  }
}

function showText(text, answer, numbers) {
  $("marked").classList.remove("filtered");
  $("marked").replaceChildren(
    ...pieces(text, answer.rationale).flatMap(({ words, passage }) => {
      if (!passage) return [words];
      const mark = make("mark", { tabIndex: 0, passage, numbers }, words);
      mark.classList.toggle("against", passage.supports[0].contribution < 0);
      colour(mark, numbers.get(passage.supports[0].label));
      const tags = passage.supports.slice(0, TAGS).map(({ label }) => chip(numbers.get(label)));
      const more = passage.supports.length - tags.length;
      if (more) tags.push(make("small", {}, `+${more}`));
      return [mark, make("span", { className: "tags", ariaHidden: "true" }, ...tags)];
    }),
  );
}

function showTip(mark) {
  const { supports } = mark.passage;
  const rows = supports.slice(0, ROWS).flatMap(({ label, contribution }) => [
    make("dt", {}, chip(mark.numbers.get(label)), make("span", {}, titleOf(label))),
    make("dd", {}, signed(contribution)),
  ]);
  const section = mark.passage.section.replaceAll("_", " ");
  const tip = $("tip");
  const more = supports.length - ROWS;
  tip.replaceChildren(
    make("dl", {}, ...rows),
    ...(more > 0 ? [make("p", {}, `And ${more} more labels, each with less.`)] : []),
    make("p", {}, `Points (log-odds) this passage adds. Section: ${section}.`),
  );
  tip.hidden = false;
  $("marked").querySelector("[aria-describedby]")?.removeAttribute("aria-describedby");
  mark.setAttribute("aria-describedby", "tip");
  placeTip(mark);
}

/** Put the tip above its passage, or below where there is no room above. */
function placeTip(mark) {
  const tip = $("tip");
  const line = mark.getClientRects()[0];
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.max(12, Math.min(line.left, document.documentElement.clientWidth - width - 12));
  const above = line.top - height - 6;
  const below = [...mark.getClientRects()].at(-1).bottom + 6;
  tip.style.left = `${left}px`;
  tip.style.top = `${above >= 8 ? above : below}px`;
}

function hideTip() {
  $("tip").hidden = true;
  $("marked").querySelector("[aria-describedby]")?.removeAttribute("aria-describedby");
}

function show(text, answer) {
  const numbers = numbered(answer);
  hideTip();
  showOutcome(answer);
  showReasons(answer, numbers);
  showWarnings(answer);
  showLegend(answer, numbers);
  showText(text, answer, numbers);
  $("json").textContent = JSON.stringify(answer, null, 2);
  $("empty").hidden = true;
  $("answer").hidden = false;
  $("answer").classList.remove("stale");
}

/** Ask the service; throw an Error with one sentence where it does not answer well. */
async function ask(path, body) {
  let response;
  try {
    const post = { method: "POST", headers: { "content-type": "application/json" } };
    response = await fetch(path, body ? { ...post, body: JSON.stringify(body) } : {});
  } catch {
    throw new Error("The service cannot be reached; check that it is still running.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  throw new Error(sentence(answer?.error?.message ?? `the service answered ${response.status}`));
}

async function predict() {
  if (busy) return;
  const text = $("text").value;
  const view = new FormData($("form")).get("view");
  $("problem").textContent = "";
  if (!text.trim()) {
    $("problem").textContent = "There is no text yet: paste one, or load an example.";
    $("text").focus();
    return;
  }
  busy = true;
  $("predict").setAttribute("aria-disabled", "true");
  $("status").textContent = "Reading the text…";
  try {
    show(text, await ask("v1/predict", { text, view }));
    shown = { text, view };
    $("status").textContent = "Done.";
    $("result").focus({ preventScroll: true });
    const stacked = $("result").offsetTop > $("form").offsetTop + 100;
    if (stacked || window.scrollY > 0) $("result").scrollIntoView({ block: "start" });
  } catch (error) {
    $("problem").textContent = error.message;
    $("status").textContent = "";
  } finally {
    busy = false;
    $("predict").setAttribute("aria-disabled", "false");
    changed();
  }
}

/** Count the characters, and say when the result is of another text. */
function changed() {
  const text = $("text").value;
  const count = [...text].length;
  $("count").textContent = `${NUMBER.format(count)} character${count === 1 ? "" : "s"}`;
  if (!shown || busy) return;
  const view = new FormData($("form")).get("view");
  const stale = text !== shown.text || view !== shown.view;
  $("answer").classList.toggle("stale", stale);
  if (stale) $("status").textContent = "Changed since this result: predict again.";
  else $("status").textContent = "Done.";
}

async function introduce() {
  try {
    const taxonomy = await ask("v1/taxonomy");
    const entries = [...taxonomy.outcomes, ...taxonomy.reasons];
    titles = new Map(entries.map(({ label, title }) => [label, title]));
    descriptions = new Map(entries.map(({ label, description }) => [label, description]));
    const { model } = await ask("readyz");
    $("model").textContent = `Model: ${model.name} ${model.version} (${model.sha256.slice(0, 12)})`;
    $("model").title = `SHA-256 ${model.sha256}`;
  } catch (error) {
    $("model").textContent = `Model: ${error.message}`;
  }
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  predict();
});
$("form").addEventListener("input", changed);
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) predict();
});
$("example").addEventListener("click", () => {
  const view = new FormData($("form")).get("view");
  $("text").value = $(`example-${view}`).content.textContent;
  $("text").scrollTop = 0;
  $("problem").textContent = "";
  changed();
});
const onMark = (act) => (event) => event.target instanceof Element &&
  event.target.closest("mark") && act(event.target.closest("mark"));
$("marked").addEventListener("pointerover", onMark(showTip));
$("marked").addEventListener("pointerout", onMark(hideTip));
$("marked").addEventListener("focusin", onMark(showTip));
$("marked").addEventListener("focusout", onMark(hideTip));
document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
for (const moved of ["scroll", "resize"]) {
  window.addEventListener(moved, () => {
    const mark = $("marked").querySelector("[aria-describedby]");
    if (mark) placeTip(mark);
  }, { passive: true });
}
changed();
introduce();
