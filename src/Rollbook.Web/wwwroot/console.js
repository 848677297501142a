// What scripts add to pages that work without them: a run's panel that keeps itself up to date, and focus that goes along.

/** Makes one element be like another, touching only what differs, so focus, selection and open details stay. */
function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) {
    from.replaceWith(to.cloneNode(true));
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && name !== 'open') from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  morphChildren(from, to);
}

function morphChildren(from, to) {
  const [old, fresh] = [[...from.childNodes], [...to.childNodes]];
  fresh.forEach((node, i) => (i < old.length ? morph(old[i], node) : from.append(node.cloneNode(true))));
  old.slice(fresh.length).forEach(node => node.remove());
}

/** Tells a screen reader, but not more often than every ten seconds. */
let lastSaid = 0;
function announce(text, always) {
  const now = performance.now();
  if (!text || (!always && now - lastSaid < 10_000)) return;
  lastSaid = now;
  document.getElementById('status').textContent = text;
}

/** Takes the page as it is now from the server and becomes it, without a jump. */
async function becomePage() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, credentials: 'same-origin' });
  if (!answer.ok || answer.redirected) {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  morphChildren(document.querySelector('main'), page.querySelector('main'));
  announce(`The import has ended: ${page.querySelector('.page-head .badge')?.lastChild?.textContent ?? ''}.`, true);
}

let source;
function watch() {
  const panel = document.querySelector('[data-live]');
  if (source && source.panel === panel) return;
  source?.close();
  source = undefined;
  if (!panel) return;

  // EventSource connects again by itself after a break, and the server then sends the whole panel.
  source = new EventSource(panel.dataset.live);
  source.panel = panel;
  source.addEventListener('progress', event => {
    const fresh = document.createElement('div');
    fresh.innerHTML = event.data;
    morphChildren(panel, fresh);
    announce(panel.querySelector('[data-announce]')?.dataset.announce);
  });
  source.addEventListener('end', () => {
    source?.close();
    source = undefined;
    becomePage();
  });
}

/** After a link was followed without a new document, focus goes to the new heading, as it would with one. */
let path = location.pathname;
function arrived() {
  watch();
  if (location.pathname !== path) {
    path = location.pathname;
    document.getElementById('main')?.focus({ preventScroll: true });
  }
  const errors = document.querySelector('[role="alert"][autofocus]');
  errors?.focus();
}

/**
 * A link to a place on this page moves the focus there, which Blazor's own handling of such links leaves out: without it the skip link and
 * the links of an error summary would only scroll.
 */
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href*="#"]');
  if (!link || link.pathname !== location.pathname || link.search !== location.search || event.ctrlKey || event.metaKey) return;
  const target = document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  event.stopPropagation();
  history.replaceState(history.state, '', link.href);
  target.focus();
  target.scrollIntoView({ block: 'nearest' });
}, { capture: true });

/** Escape closes an open sheet and gives focus back to what opened it; a click elsewhere closes it too. */
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const sheet of document.querySelectorAll('details.pop[open], details.menu[open]')) {
    sheet.open = false;
    sheet.querySelector('summary').focus();
  }
});
document.addEventListener('click', event => {
  for (const sheet of document.querySelectorAll('details.pop[open], details.menu[open]')) {
    if (!sheet.contains(event.target)) sheet.open = false;
  }
});

window.Blazor?.addEventListener('enhancedload', arrived);
watch();
