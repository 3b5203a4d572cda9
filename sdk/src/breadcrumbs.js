// The last things that happened, for the errors that follow.
const kept = 20;
const textMax = 200;

export function createBreadcrumbs() {
  let crumbs = [];
  return {
    add(type, text, data) {
      const crumb = { t: Date.now(), type, text: String(text).slice(0, textMax) };
      if (data) crumb.data = data;
      crumbs.push(crumb);
      if (crumbs.length > kept) crumbs.shift();
    },
    all: () => crumbs.slice(),
    clear() {
      crumbs = [];
    },
  };
}
