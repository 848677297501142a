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

/** A page of the console as it is now; nothing when it can't be had, or leads elsewhere. */
async function pageAt(address) {
  const answer = await fetch(address, { headers: { accept: 'text/html' }, credentials: 'same-origin' }).catch(() => undefined);
  return answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), 'text/html') : undefined;
}

/** Takes the page as it is now from the server and becomes it, without a jump. */
async function becomePage() {
  const page = await pageAt(location.href);
  if (!page) {
    location.reload();
    return;
  }
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

/** On a narrow screen the tabs scroll: the one that is open is brought into view. */
function showTabs() {
  for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
    const frame = tab.closest('.tabs');
    if (frame.scrollWidth > frame.clientWidth) frame.scrollLeft = tab.offsetLeft - frame.offsetLeft - (frame.clientWidth - tab.offsetWidth) / 2;
  }
}

/** After a link was followed without a new document, focus goes to the new heading, as it would with one. */
let path = location.pathname;
function arrived() {
  showTabs();
  showScripted();
  watch();
  poll();
  previewAgain();
  pressAgain();
  free();
  if (location.pathname !== path) {
    path = location.pathname;
    document.getElementById('main')?.focus({ preventScroll: true });
  }
  const errors = document.querySelector('[role="alert"][autofocus], [data-arrive]');
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

/**
 * A form with data-busy shows that it is at work, and can't be sent twice. Ahead of Blazor, which takes an enhanced form's sending over; and not for good:
 * when no answer comes, a person may try again.
 */
document.addEventListener('submit', event => {
  const form = event.target;
  if (!form.matches?.('[data-busy]')) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = 'yes';
  setTimeout(free, 20_000);
  const [button, text] = [event.submitter, form.dataset.busy];
  button?.setAttribute('aria-busy', 'true');
  if (text && button) {
    button.dataset.text = button.textContent;
    button.textContent = `${text}…`;
  }
  announce(text ? `${text}.` : 'Saving.', true);
}, { capture: true });
function free() {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('button[aria-busy]')) {
      button.removeAttribute('aria-busy');
      if (button.dataset.text) button.textContent = button.dataset.text;
    }
  }
}
addEventListener('pageshow', free);

/** Search as one types: the results of the form's own GET take the place of those on the page. */
let typing;
document.addEventListener('input', event => {
  const form = event.target.closest?.('form[data-search]');
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const address = `${form.getAttribute('action')}?${new URLSearchParams(new FormData(form))}`;
    const page = await pageAt(address);
    const [old, fresh] = [document.querySelector('[data-results]'), page?.querySelector('[data-results]')];
    if (!old || !fresh) return;
    morphChildren(old, fresh);
    history.replaceState(history.state, '', address);
    announce(old.querySelector('[data-announce]')?.dataset.announce ?? old.textContent.trim(), true);
  }, 200);
});

/** A part of the page that keeps itself up to date while something is at work. */
let polling;
function poll() {
  clearTimeout(polling);
  if (!document.querySelector('[data-poll]')) return;
  polling = setTimeout(async () => {
    const here = location.href;
    const page = await pageAt(here);
    if (page && location.href === here) {
      const [old, fresh] = [document.querySelector('[data-poll-region]'), page.querySelector('[data-poll-region]')];
      if (old && (!fresh || (old.dataset.empty && !fresh.dataset.empty))) {
        // What was waited for has gone, or there was nothing on the page but the waiting: nothing that was entered is lost.
        morphChildren(document.querySelector('main'), page.querySelector('main'));
        announce('Ready.', true);
      } else if (old && fresh) {
        morphChildren(old, fresh);
        if (!old.querySelector('[data-poll]')) announce(`${old.querySelector('h2')?.textContent ?? 'It'}: ready.`, true);
      }
    }
    poll();
  }, 1000);
}

/** A form as it is on the page, for an address that answers about it without saving. */
const posted = form => ({ method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'same-origin' });

/** Test Connection: each step is shown as soon as it is done. */
document.addEventListener('click', async event => {
  const button = event.target.closest?.('button[data-check]');
  if (!button) return;
  event.preventDefault();
  if (button.getAttribute('aria-busy')) return;
  button.setAttribute('aria-busy', 'true');
  const result = document.getElementById('check-result');
  result.textContent = 'Testing…';
  try {
    const answer = await fetch(button.dataset.check, posted(button.form));
    if (!answer.ok) {
      result.textContent = answer.status === 409 ? await answer.text() : 'The test could not be started. Load the page again and sign in.';
      return;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let html = '', part = await reader.read(); !part.done; part = await reader.read()) {
      html += part.value;
      result.innerHTML = html;
    }
  } catch {
    result.textContent = 'Rollbook did not answer. Test again.';
  } finally {
    button.removeAttribute('aria-busy');
  }
});

/** What comes of a form as it is being filled in: the server's answer takes its place in it. One that a later answer has overtaken is dropped. */
const previews = new WeakMap();
document.addEventListener('input', event => {
  const fields = event.target.closest?.('[data-preview]');
  if (fields) preview(fields, 300);
});
function preview(fields, wait) {
  clearTimeout(previews.get(fields));
  const mine = setTimeout(async () => {
    if (!fields.isConnected) return;
    const answer = await fetch(fields.dataset.preview, posted(fields.closest('form'))).catch(() => undefined);
    const html = answer?.ok && !answer.redirected ? await answer.text() : undefined;
    const result = fields.querySelector('[data-preview-result]');
    if (mine !== previews.get(fields) || !result) return;
    if (html === undefined) {
      result.textContent = 'The preview could not be had. Load the page again and sign in.';
      return;
    }
    result.innerHTML = html;
    showScripted();
    announce(result.querySelector('[data-announce]')?.dataset.announce);
    fillFigures(result.querySelector('[data-figures]')?.dataset.figures);
    if (result.querySelector('[data-again]')) preview(fields, 1000);
  }, wait);
  previews.set(fields, mine);
}

/** What could not be saved before something was worked out is tried again, unless one goes on changing it. */
let pressing;
for (const kind of ['input', 'click', 'submit']) document.addEventListener(kind, () => clearTimeout(pressing), { capture: true });
function pressAgain() {
  clearTimeout(pressing);
  const button = document.querySelector('[data-press-again]');
  if (button) pressing = setTimeout(() => button.isConnected && button.click(), 1500);
}

/** Figures of the page itself that were not ready when it was made. */
function fillFigures(text) {
  const figures = text && JSON.parse(text);
  for (const cell of figures ? document.querySelectorAll('[data-figure]') : []) cell.textContent = figures[cell.dataset.figure] ?? '0';
}

/** An answer that was not ready when the page was made is asked for again. */
function previewAgain() {
  const fields = document.querySelector('[data-again]')?.closest('[data-preview]');
  if (fields) preview(fields, 200);
}

/** What a setting will be used as, told when one leaves its field. */
document.addEventListener('change', async event => {
  const fields = event.target.closest?.('[data-inspect]');
  if (!fields) return;
  const answer = await fetch(fields.dataset.inspect, posted(fields.closest('form')));
  if (!answer.ok) return;
  for (const [name, used] of Object.entries(await answer.json())) {
    const field = document.getElementById(name)?.closest('.field');
    if (!field) continue;
    let after = document.getElementById(`${name}-after`);
    if (!after && used) {
      after = Object.assign(document.createElement('p'), { className: 'hint', id: `${name}-after` });
      field.append(after);
    }
    if (after) after.textContent = used ?? '';
  }
});

/** A file may be dropped where it may be chosen. */
for (const kind of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, event => {
    const place = event.target.closest?.('[data-drop]');
    if (!place) return;
    event.preventDefault();
    place.toggleAttribute('data-over', kind === 'dragover');
    if (kind !== 'drop' || !event.dataTransfer?.files.length) return;
    const input = place.querySelector('input[type="file"]');
    input.files = event.dataTransfer.files;
    input.focus();
    announce(`${input.files[0].name} was chosen.`, true);
  });
}

/** An upload shows how far it is; the page is left once it is taken, and told where it stands when it is refused. */
document.addEventListener('submit', event => {
  const form = event.target.closest?.('form[data-upload]');
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.sent) return;
  form.dataset.sent = 'yes';
  const [button, progress, error] = [form.querySelector('button'), form.querySelector('[data-upload-progress]'), form.querySelector('[data-upload-error]')];
  const [bar, figure] = [progress.querySelector('progress'), progress.querySelector('[data-upload-figure]')];
  const request = new XMLHttpRequest();
  const refuse = text => {
    delete form.dataset.sent;
    button.removeAttribute('aria-busy');
    progress.hidden = true;
    error.hidden = false;
    error.textContent = text;
    error.focus();
  };
  error.hidden = true;
  progress.hidden = false;
  button.setAttribute('aria-busy', 'true');
  request.upload.addEventListener('progress', step => {
    const percent = step.total ? Math.floor((step.loaded / step.total) * 100) : 0;
    bar.value = percent;
    figure.textContent = percent < 100 ? `${percent} % uploaded` : 'Uploaded; looking at it…';
    announce(figure.textContent);
  });
  request.addEventListener('load', () => {
    let answer;
    try { answer = JSON.parse(request.responseText); } catch { answer = {}; }
    if (answer.address) location.href = answer.address;
    else refuse(answer.problem ?? 'The upload was not taken. Load the page again and sign in.');
  });
  request.addEventListener('error', () => refuse('The upload broke off. Try again.'));
  request.open('POST', form.action);
  request.setRequestHeader('accept', 'application/json');
  request.send(new FormData(form));
}, { capture: true });

/** Shows what only works with scripts, and hides what is said to those without. */
function showScripted() {
  for (const element of document.querySelectorAll('[data-needs-script]')) element.hidden = false;
  for (const element of document.querySelectorAll('[data-without-script]')) element.hidden = true;
}

/** Asks the browser for a passkey, puts its answer into the form, and sends the form as any other. */
async function usePasskey(form, field) {
  const complaint = form.querySelector('[data-passkey-error]');
  complaint.hidden = true;
  try {
    const fields = [...form.elements].filter(field => field.name && field.type !== 'password').map(field => [field.name, field.value]);
    const answer = await fetch(form.dataset.options, { method: 'POST', body: new URLSearchParams(fields), credentials: 'same-origin' });
    if (answer.redirected) {
      location.href = answer.url;
      return;
    }
    if (answer.status === 422) throw new Error(await answer.text());
    if (!answer.ok) throw new Error(answer.status === 429 ? 'There were too many attempts. Wait a minute, then try again.' : 'The page is out of date. Reload it, then try again.');
    const options = await answer.json();
    const credential = form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    field.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    complaint.textContent = !globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON
      ? 'This browser has no passkeys, or the address of this site is not a name with https. Use your password.'
      : error.name === 'NotAllowedError' ? 'No passkey was given, or the time ran out. Try again, or use your password.'
      : error.name === 'InvalidStateError' ? 'This device has a passkey for your account already.'
      : error.name === 'SecurityError' ? 'Passkeys need a site with a name and https; this address is neither. Use your password.'
      : error.message;
    complaint.hidden = false;
  }
}

document.addEventListener('submit', event => {
  const form = event.target.closest?.('form[data-passkey]');
  const field = form?.querySelector('[data-credential]');
  if (!form || field.value) return;
  if (form.querySelector('[data-with-passkey]') && !event.submitter?.matches('[data-with-passkey]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  usePasskey(form, field);
}, { capture: true });

document.addEventListener('click', event => {
  if (event.target.closest?.('[data-print]')) print();
});

/** Schools Mapping: a school is a new one or a part of another, so that one choice clears the other. */
document.addEventListener('input', event => {
  const row = event.target.closest?.('tr[data-school]');
  if (!row) return;
  const [create, part] = [row.querySelector('[role="switch"]'), row.querySelector('[data-existing]')];
  if (event.target === part && part.value) create.checked = false;
  if (event.target === create && create.checked) part.value = '';
});

/** Filters the rows of the page as one types, leaving what was entered in them alone; Enter looks at the other pages too, by way of the server. */
document.addEventListener('input', event => {
  const box = event.target.closest?.('input[data-filter]');
  if (!box) return;
  box.removeAttribute('name');
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...document.querySelectorAll('tr[data-words]')];
  for (const row of rows) row.hidden = !words.every(word => row.dataset.words.includes(word));
  const left = rows.filter(row => !row.hidden).length;
  announce(left === 1 ? '1 school' : `${left} schools`, true);
});
document.addEventListener('keydown', event => {
  const box = event.key === 'Enter' && event.target.closest?.('input[data-filter]');
  if (!box) return;
  event.preventDefault();
  if (box.dataset.more) search(box);
});
document.addEventListener('click', event => {
  const button = event.target.closest?.('button[data-filter-go]');
  if (button) button.form.querySelector('input[data-filter]').setAttribute('name', 'q');
}, { capture: true });
function search(box) {
  box.setAttribute('name', 'q');
  box.form.requestSubmit(box.form.querySelector('button[data-filter-go]'));
}

window.Blazor?.addEventListener('enhancedload', arrived);
showTabs();
watch();
poll();
showScripted();
previewAgain();
pressAgain();
