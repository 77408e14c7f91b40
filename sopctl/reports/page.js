"use strict";
// Tables sort by a click on a heading and are cut down to the rows that hold what is typed; without this the page is whole.
for (const section of document.querySelectorAll("section[data-table]")) {
  const body = section.querySelector("tbody");
  const rows = [...body.rows];
  const headings = [...section.querySelectorAll("th")];
  const field = section.querySelector("input");
  const count = section.querySelector("output");
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  const show = () => {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      row.hidden = !wanted.every((word) => words.get(row).includes(word));
      left += row.hidden ? 0 : 1;
    }
    count.textContent = `${left} dari ${rows.length} baris`;
  };

  const value = (row, column) => {
    const cell = row.cells[column];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent;
  };

  const compare = (one, other) => {
    if (typeof one === "number" && typeof other === "number") return one - other;
    if (typeof one === "number") return -1;
    if (typeof other === "number") return 1;
    return one.localeCompare(other, "id", { numeric: true });
  };

  headings.forEach((heading, column) => {
    // No <button>: browsers leave those out where a heading is repeated on the next page of paper.
    const button = document.createElement("span");
    button.tabIndex = 0;
    button.setAttribute("role", "button");
    button.textContent = heading.textContent;
    button.title = "Urutkan";
    heading.replaceChildren(button);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const empty = (row) => row.cells[column].textContent === "-";
      rows.sort((one, other) => empty(one) - empty(other) || (down ? -1 : 1) * compare(value(one, column), value(other, column)));
      body.append(...rows);
    });
  });

  section.querySelector(".tools").hidden = false;
  field.addEventListener("input", show);
  show();
}
