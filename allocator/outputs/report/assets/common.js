// What charts and table share: the embedded figures, elements, numbers in words.
"use strict";

const report = (() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const grouped = new Intl.NumberFormat("ja-JP");
  const hundredths = new Intl.NumberFormat("ja-JP", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  // Names are data: they only ever become text, never markup.
  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  // Whole yen, a number or a BigInt, as documents print them.
  function yen(amount) {
    return amount < 0 ? `△${grouped.format(-amount)}` : grouped.format(amount);
  }

  function ratio(value) {
    return value === null || value === undefined ? "—" : hundredths.format(value);
  }

  // On paper what can be unfolded is unfolded.
  const folded = () => document.querySelectorAll("details.numbers:not([open])");
  addEventListener("beforeprint", () => {
    for (const details of folded()) {
      details.open = true;
      addEventListener("afterprint", () => { details.open = false; }, { once: true });
    }
  });

  return { data, element, yen, ratio, byId: (id) => document.getElementById(id) };
})();
