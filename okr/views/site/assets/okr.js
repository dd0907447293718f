"use strict";
(() => {
  const tools = document.querySelector(".tools");
  if (!tools) return;
  tools.hidden = false;
  tools.addEventListener("submit", (event) => event.preventDefault());
  const search = document.getElementById("search");
  const status = document.getElementById("status");
  const none = document.getElementById("none");
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const fit = (node) => {
    const own = plain(node.dataset.text).includes(plain(search.value)) &&
      (!status.value || node.dataset.status === status.value);
    let below = false;
    for (const child of node.querySelectorAll(":scope > details > ul > .node")) below = fit(child) || below;
    node.hidden = !(own || below);
    const details = node.querySelector(":scope > details");
    if (details && below && (search.value || status.value)) details.open = true;
    return !node.hidden;
  };
  const filter = () => {
    let any = false;
    for (const node of document.querySelectorAll(".top-tree > .node")) any = fit(node) || any;
    none.hidden = any;
  };
  search.addEventListener("input", filter);
  status.addEventListener("change", filter);
  const all = (open) => document.querySelectorAll(".tree details").forEach((each) => { each.open = open; });
  document.getElementById("expand").addEventListener("click", () => all(true));
  document.getElementById("collapse").addEventListener("click", () => all(false));
})();
