// Elements of the page.

export const byId = (id) => document.getElementById(id);

export function replace(parent, children) {
  parent.replaceChildren(...children.filter((child) => child !== null));
}

// Text only ever becomes a text node: nothing from the server is parsed as HTML.
export function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function row(...cells) {
  return element(
    'tr',
    {},
    ...cells.map((cell) => (cell instanceof Node ? cell : element('td', {}, String(cell)))),
  );
}

// A table that scrolls by itself where it is too wide; columns are headings, as texts or elements.
// A group and not a region: a page with very many landmarks has none.
export function table(caption, columns, rows) {
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...columns.map((column) =>
            column instanceof Node ? column : element('th', { scope: 'col' }, column),
          ),
        ),
      ),
      element('tbody', {}, ...rows),
    ),
  );
}
