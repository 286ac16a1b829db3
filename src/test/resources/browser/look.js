// What is wrong with a page as it is shown: a list of sentences, empty if nothing is. Data tables are opened first.
(() => {
  const problems = new Set();
  document.querySelectorAll('details').forEach(details => { details.open = true; });
  const width = document.documentElement.clientWidth;

  const quote = node => '"' + node.textContent.trim().slice(0, 60) + '"';
  const place = element => {
    const figure = element.closest('figure, section, header, nav');
    const heading = figure && figure.querySelector('h1, h2, h3');
    return heading && heading !== element ? ' in ' + quote(heading) : '';
  };

  // Lines of text: where each is seen, without what a scroll box hides.
  const lines = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest('title, desc, .skip') || !element.checkVisibility()) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = element.closest('svg') ? [element.getBoundingClientRect()] : [...range.getClientRects()];
    const scroll = element.closest('.scroll');
    const window = scroll && getComputedStyle(scroll).overflowX !== 'visible' ? scroll.getBoundingClientRect() : null;
    for (const box of boxes) {
      const left = window ? Math.max(box.left, window.left) : box.left;
      const right = window ? Math.min(box.right, window.right) : box.right;
      // A line's box is higher than its letters.
      const trim = (box.bottom - box.top) * 0.2;
      const top = (window ? Math.max(box.top, window.top) : box.top) + trim;
      const bottom = (window ? Math.min(box.bottom, window.bottom) : box.bottom) - trim;
      if (right > left + 1 && bottom > top + 1) {
        lines.push({ node, element, left, right, top, bottom });
      }
    }
  }

  lines.sort((a, b) => a.top - b.top);
  lines.forEach((one, i) => {
    for (let j = i + 1; j < lines.length && lines[j].top < one.bottom; j++) {
      const other = lines[j];
      if (other.node !== one.node && Math.min(one.right, other.right) > Math.max(one.left, other.left) + 0.5) {
        problems.add(`${quote(one.node)} overlaps ${quote(other.node)}${place(one.element)}`);
      }
    }
    if (one.right > width + 0.5 || one.left < -0.5) {
      problems.add(`${quote(one.node)} is not within the window's ${width} px${place(one.element)}`);
    }
    const picture = one.element.closest('svg');
    if (picture) {
      const frame = picture.getBoundingClientRect();
      if (one.left < frame.left - 0.5 || one.right > frame.right + 0.5 ||
          one.top < frame.top - 0.5 || one.bottom > frame.bottom + 0.5) {
        problems.add(`${quote(one.node)} is not within its picture${place(one.element)}`);
      }
    }
  });

  if (document.documentElement.scrollWidth > width) {
    problems.add(`the page is ${document.documentElement.scrollWidth} px wide, the window ${width}`);
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('svg, .skip') || !element.checkVisibility()) {
      continue;
    }
    const style = getComputedStyle(element);
    if (style.overflowX === 'visible' && style.display !== 'inline' && element.clientWidth > 0 &&
        element.scrollWidth > element.clientWidth + 1) {
      problems.add(`what is in <${element.localName} class="${element.className}"> ${quote(element)} is ` +
        `${element.scrollWidth} px wide, it is ${element.clientWidth}${place(element)}`);
    }
  }

  // WCAG 2: relative luminance, contrast, and what counts as large text.
  const parse = color => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (front, back) => {
    const mix = (f, b) => f * front.a + b * (1 - front.a);
    return { r: mix(front.r, back.r), g: mix(front.g, back.g), b: mix(front.b, back.b), a: 1 };
  };
  const background = element => {
    if (!element) {
      return { r: 255, g: 255, b: 255, a: 1 };
    }
    const own = parse(getComputedStyle(element).backgroundColor);
    return own.a === 1 ? own : over(own, background(element.parentElement));
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  for (const { node, element } of lines) {
    const style = getComputedStyle(element);
    const back = background(element);
    const text = parse(element.closest('svg') ? style.fill : style.color);
    for (let up = element; up; up = up.parentElement) {
      text.a *= Number(getComputedStyle(up).opacity);
    }
    const [low, high] = [luminance(over(text, back)), luminance(back)].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
    if (contrast < (isLarge ? 3 : 4.5)) {
      problems.add(`${quote(node)} has a contrast of ${contrast.toFixed(2)}${place(element)}`);
    }
  }
  if (lines.length < 10) {
    problems.add(`only ${lines.length} lines of text are seen`);
  }
  return [...problems];
})()
