/* Everything that is shown goes through here, as text: nothing is ever read as markup. */

export const byId = (id) => document.getElementById(id);

export function setText(node, text) {
  if (node.textContent !== text)
    node.textContent = text;
}

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className)
    node.className = className;
  if (text !== undefined)
    node.textContent = text;
  return node;
}

/* Makes a list have one child for each item: children are kept, so that selections and focus are. */
export function fill(parent, items, make, update) {
  while (parent.childElementCount > items.length)
    parent.lastElementChild.remove();
  items.forEach((item, i) => {
    const child = parent.children[i] ?? parent.appendChild(make());
    update(child, item);
  });
}

/* A box that scrolls sideways says so by fading at its right edge, as long as there is more there. */
export function hintMore(scroll) {
  const look = () =>
    scroll.toggleAttribute("data-more", scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 1);
  const sizes = new ResizeObserver(look);
  sizes.observe(scroll);
  sizes.observe(scroll.firstElementChild);
  scroll.addEventListener("scroll", look, { passive: true });
}

/* Terms and what they are: [["Name", "login"], …]. */
export function fillFacts(list, facts, wrap) {
  const wanted = facts.filter(([, text]) => text !== null && text !== undefined && text !== "");
  const make = () => {
    const group = element("div");
    group.append(element("dt"), element("dd"));
    return group;
  };
  if (wrap) {
    fill(list, wanted, make, (group, [term, text]) => {
      setText(group.firstElementChild, term);
      setText(group.lastElementChild, text);
    });
    return;
  }
  fill(list, wanted.flat().map((text, i) => [i % 2 === 0 ? "dt" : "dd", text]), () => element("dt"),
    (node, [tag, text]) => {
      if (node.localName === tag)
        setText(node, text);
      else
        node.replaceWith(element(tag, "", text));
    });
}
