"use strict";
// Sorts and filters the rows of the sample; words are compared, never made into markup.
(() => {
  const table = document.getElementById("rows");
  const tools = document.getElementById("tools");
  const control = (id) => document.getElementById(id);
  const rows = Array.from(table.tBodies);
  const heads = Array.from(table.tHead.querySelectorAll("th[data-key]"));
  const words = new Map(rows.map((row) => [row, (row.dataset.id + "\n" + row.innerText).toLowerCase()]));
  const numbers = new Set(["place", "probability"]);
  const collator = new Intl.Collator("en", { numeric: true });

  const compare = (key) => (a, b) => {
    const [one, other] = [a.dataset[key], b.dataset[key]];
    const order = numbers.has(key) ? Number(one) - Number(other) : collator.compare(one, other);
    return order || Number(a.dataset.place) - Number(b.dataset.place);
  };

  function sort() {
    const key = control("key").value;
    const falling = control("falling").checked;
    const ordered = rows.slice().sort(compare(key));
    table.append(...(falling ? ordered.reverse() : ordered));
    for (const head of heads) {
      if (head.dataset.key === key) {
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    }
  }

  function filter() {
    const only = control("only").value;
    const find = control("find").value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const kind = only === "" || (only === "?" ? row.dataset.abstained === "1" : row.dataset.outcome === only);
      row.hidden = !(kind && words.get(row).includes(find));
      shown += row.hidden ? 0 : 1;
    }
    control("shown").textContent = `${shown} of ${rows.length} shown`;
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const again = control("key").value === head.dataset.key;
      control("falling").checked = again && !control("falling").checked;
      control("key").value = head.dataset.key;
      sort();
    });
    head.replaceChildren(button);
  }
  control("key").addEventListener("change", sort);
  control("falling").addEventListener("change", sort);
  control("only").addEventListener("change", filter);
  control("find").addEventListener("input", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;
  sort();
  filter();
})();
