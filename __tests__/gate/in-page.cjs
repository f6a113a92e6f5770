// Functions that run in the browser. JavaScript, because the types of the DOM are not those of this project.

/** Pairs of texts of one chart that touch each other, and texts that are cut off at its edge. */
exports.labelFaults = () => {
  const faults = [];
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].map((element) => ({
      words: element.textContent,
      box: element.getBoundingClientRect(),
    }));
    for (const [index, { words, box }] of texts.entries()) {
      if (box.width === 0) continue;
      if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5) faults.push(`${words} is cut off`);
      if (box.top < frame.top - 0.5 || box.bottom > frame.bottom + 0.5) faults.push(`${words} is cut off`);
      for (const other of texts.slice(index + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        // The box of a line of text is higher than its letters.
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 0.5 && down > box.height * 0.2) faults.push(`${words} touches ${other.words}`);
      }
    }
  }
  return faults;
};

/** Texts with a contrast of less than 4.5 to what is behind them, and marks of charts with less than 3. */
exports.contrastFaults = () => {
  const rgb = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = rgb(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    const surface = element.closest("svg")?.querySelector(".surface");
    if (surface && !element.closest("figure")) return getComputedStyle(surface).fill;
    for (let parent = element; parent; parent = parent.parentElement) {
      const { backgroundColor } = getComputedStyle(parent);
      if (backgroundColor !== "transparent" && rgb(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const faults = [];
  let texts = 0;
  for (const element of document.querySelectorAll("body *, svg *")) {
    const isMark = element.matches(".mark, .line");
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (!isMark && (!hasText || element.matches("style, title, desc"))) continue;
    if (element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const color = isMark ? style.color : element.matches("svg text") ? style.fill : style.color;
    const ratio = contrast(color, behind(element));
    texts++;
    if (ratio < (isMark ? 3 : 4.5)) faults.push(`${element.textContent || element.getAttribute("class")}: ${ratio}`);
  }
  return { texts, faults };
};

/** The luminance of the page's background, from 0 to 255. */
exports.background = () => {
  const surface = document.querySelector("svg > .surface");
  const color = surface ? getComputedStyle(surface).fill : getComputedStyle(document.documentElement).backgroundColor;
  return Math.max(...color.match(/\d+/g).map(Number));
};

/** Opens everything that can be opened. */
exports.openAll = () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
};

/** How far the page can be scrolled to the side, and boxes of charts that lie on one another. */
exports.layoutFaults = () => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const faults = scrollWidth > clientWidth ? [`${scrollWidth} px of content in ${clientWidth} px`] : [];
  const boxes = [...document.querySelectorAll("figure")]
    .filter((figure) => figure.checkVisibility())
    .map((figure) => figure.getBoundingClientRect());
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (across > 0.5 && down > 0.5) faults.push("two charts lie on one another");
    }
  }
  return faults;
};

/** Charts without a name or a description, ids that are there twice, elements that could run a script or load a file. */
exports.markupFaults = () => {
  const faults = [];
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`${id} is there twice`);
  for (const svg of document.querySelectorAll("svg[role=img]")) {
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      if (!document.getElementById(svg.getAttribute(name))?.textContent.trim()) faults.push(`a chart without ${name}`);
    }
  }
  for (const element of document.querySelectorAll("script, img, iframe, object, embed, link:not([rel=icon])")) {
    faults.push(element.outerHTML);
  }
  for (const element of document.querySelectorAll("*")) {
    for (const { name } of element.attributes)
      if (name.startsWith("on")) faults.push(`${name} of ${element.outerHTML}`);
  }
  return faults;
};
