// The admin page: asks the admin REST API every two seconds and shows the answer. Nothing here
// decides anything; every figure and every sentence about health comes from the server.

import { UnknownToken, ask, forgetToken, keepToken, signedIn } from './api.js';
import { byId, element, replace, row, table } from './dom.js';
import { forgetExplanations, offerExplanations } from './explain.js';

const REFRESH_MILLIS = 2000;
const number = new Intl.NumberFormat('en');

let timer;

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  keepToken(byId('token').value.trim());
  byId('token').value = '';
  refresh();
});
byId('sign-out').addEventListener('click', () => signOut(''));
offerExplanations(signOut);
byId('preflight').addEventListener('click', () => preflight());

if (signedIn()) {
  refresh();
}

async function refresh() {
  clearTimeout(timer);
  try {
    show(await ask('status'));
    say('Live, updated every two seconds');
  } catch (error) {
    if (error instanceof UnknownToken) {
      signOut(error.message);
      return;
    }
    say(`No answer from the server (${error.message}); trying again`);
  }
  timer = setTimeout(refresh, REFRESH_MILLIS);
}

const LEVEL_WORDS = { fatal: 'Does not work', warning: 'Warning', info: 'Good to know' };
const LEVELS = Object.keys(LEVEL_WORDS);

// On request only: it opens connections to the source. What is worst comes first.
async function preflight() {
  byId('preflight').disabled = true;
  byId('preflight-summary').textContent = 'Looking at the source';
  let findings = [];
  try {
    findings = (await ask('preflight')).findings;
    const count = (level) => findings.filter((finding) => finding.level === level).length;
    byId('preflight-summary').textContent =
      `${count('fatal')} of ${findings.length} findings are fatal, ${count('warning')} are warnings`;
  } catch (error) {
    if (error instanceof UnknownToken) {
      signOut(error.message);
    }
    byId('preflight-summary').textContent = `The source was not checked: ${error.message}`;
  }
  findings.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  replace(byId('preflight-findings'), findings.map(findingItem));
  byId('preflight').disabled = false;
}

function findingItem(finding) {
  return element(
    'li',
    { class: finding.level },
    element('strong', {}, `${LEVEL_WORDS[finding.level]}: `),
    finding.subject ? `${finding.subject}: ${finding.message}` : finding.message,
    finding.fix.length > 0
      ? element('pre', {}, finding.fix.map((sql) => `${sql};`).join('\n'))
      : null,
  );
}

function signOut(problem) {
  clearTimeout(timer);
  forgetToken();
  forgetExplanations();
  byId('status').hidden = true;
  byId('sign-out').hidden = true;
  byId('sign-in').hidden = false;
  byId('sign-in-error').textContent = problem;
  say('Not signed in');
  byId('token').focus();
}

// A status region speaks when its text changes, so it is only touched then.
function say(text) {
  if (byId('connection').textContent !== text) {
    byId('connection').textContent = text;
  }
}

function show(status) {
  byId('sign-in').hidden = true;
  byId('status').hidden = false;
  byId('sign-out').hidden = false;
  byId('version').textContent =
    `Version ${status.version} · runner ${status.runner} · up ${duration(status.uptime_seconds)}`;
  showHealth(status.health);
  replace(byId('figures'), [
    figure('Open streams', number.format(status.streams.open)),
    figure('Operations sent', number.format(status.counters.powersync_operations_synced_total)),
    figure('Rows replicated', number.format(status.counters.powersync_rows_replicated_total)),
    figure('Transactions', number.format(status.counters.powersync_transactions_replicated_total)),
    figure('Replicated data', bytes(status.counters.powersync_data_replicated_bytes_total)),
    figure('Data sent', bytes(status.counters.powersync_data_sent_bytes_total)),
    figure('Stored operations', bytes(status.storage?.operation_bytes)),
    figure('Stored parameters', bytes(status.storage?.parameter_bytes)),
    figure('Row copies', bytes(status.storage?.replication_bytes)),
  ]);
  replace(
    byId('replication'),
    status.replication.length > 0
      ? status.replication.map(streamPanel)
      : [element('p', {}, 'No replication stream yet.')],
  );
  byId('buckets-note').textContent = status.buckets.note;
  replace(
    byId('buckets'),
    status.buckets.largest.map((bucket) =>
      row(bucket.name, numeric(bucket.operations), numeric(bucket.last_op_id)),
    ),
  );
  replace(
    byId('streams'),
    status.streams.list.map((stream) =>
      row(
        stream.user_id,
        stream.client_id ?? '–',
        `${duration(stream.connected_seconds)} ago`,
        numeric(stream.operations),
        stream.last_op_id ?? 'waiting',
        stream.user_agent ?? '–',
      ),
    ),
  );
}

const STATE_WORDS = { UP: 'Good', DEGRADED: 'Needs attention', DOWN: 'Down' };

// The region is live: unchanged health must not be announced again every two seconds.
let shownHealth;
function showHealth(parts) {
  const text = JSON.stringify(parts);
  if (text === shownHealth) {
    return;
  }
  shownHealth = text;
  replace(
    byId('health'),
    parts.map((part) =>
      element(
        'li',
        { class: part.state.toLowerCase() },
        element('h3', {}, part.name),
        element('p', { class: 'state' }, STATE_WORDS[part.state]),
        part.reason ? element('p', {}, part.reason) : null,
      ),
    ),
  );
}

function streamPanel(stream) {
  const facts = [
    ['Phase', stream.phase],
    ['First copy', firstCopy(stream)],
    ['Checkpoint', checkpoint(stream)],
    ['Confirmed position', stream.confirmed_lsn ?? 'none yet'],
    ['Position of the source', stream.source_lsn ?? 'unknown'],
    ['Lag', lag(stream)],
    ['Rows replicated by this process', known(stream.rows_replicated, number.format)],
  ];
  return element(
    'div',
    { class: 'panel' },
    element('h3', {}, `${stream.name} (${stream.state.toLowerCase()})`),
    element(
      'dl',
      {},
      ...facts.map(([term, value]) =>
        element('div', {}, element('dt', {}, term), element('dd', {}, value)),
      ),
    ),
    stream.last_error ? element('p', { class: 'problem' }, stream.last_error) : null,
    ...stream.row_failures.map((failure) =>
      element('p', { class: 'problem' }, rowFailure(failure)),
    ),
    table(
      `Source tables of ${stream.name} and their first copy`,
      ['Table', 'Copied', element('th', { scope: 'col', class: 'number' }, 'Rows')],
      stream.tables.map(tableRow),
    ),
  );
}

function rowFailure(failure) {
  const what = failure.definition
    ? `Rows of ${failure.table} are not fully synced: a query of ${failure.definition} fails`
    : `Rows of ${failure.table} are left out`;
  return `${what} (${failure.about}: ${failure.text}; ${number.format(failure.count)} times)`;
}

// All tables together: rows copied of the rows estimated, where every size is known.
function firstCopy(stream) {
  if (stream.snapshot_done) {
    return 'complete';
  }
  if (stream.tables.length === 0) {
    return 'not begun';
  }
  const done = stream.tables.filter((table) => table.done).length;
  const words = `${done} of ${stream.tables.length} tables`;
  if (stream.tables.some((table) => !table.done && table.estimated_rows < 0)) {
    return words;
  }
  const total = (value) => stream.tables.reduce((sum, table) => sum + value(table), 0);
  const all = total((table) => Math.max(table.estimated_rows, table.copied_rows, 0));
  const copied = total((table) => (table.done ? Math.max(table.estimated_rows, table.copied_rows, 0) : table.copied_rows));
  const left = known(stream.copy?.seconds_left, (seconds) => `, ${duration(seconds)} left`, '');
  return all === 0
    ? words
    : `${words}, ${Math.min(99, Math.floor((100 * copied) / all))} %${left}`;
}

function checkpoint(stream) {
  const age = known(stream.checkpoint_age_seconds, (seconds) => `, ${duration(seconds)} ago`, '');
  return stream.checkpoint ? `${stream.checkpoint}${age}` : 'none yet';
}

function tableRow(table) {
  const known = table.estimated_rows > 0;
  const label = `First copy of ${table.name}`;
  const bar = table.done
    ? element('progress', { max: '1', value: '1', 'aria-label': label })
    : known
      ? element('progress', {
          max: String(Math.max(table.estimated_rows, table.copied_rows)),
          value: String(table.copied_rows),
          'aria-label': label,
        })
      : element('progress', { 'aria-label': label });
  const words = table.done
    ? ' done'
    : known
      ? ` ${Math.min(99, Math.floor((100 * table.copied_rows) / table.estimated_rows))} %` +
        known(table.seconds_left, (seconds) => `, ${duration(seconds)} left`, '')
      : ' size unknown';
  return row(
    table.name,
    element('td', {}, bar, words),
    element(
      'td',
      { class: 'number' },
      table.done && table.copied_rows === 0
        ? '–'
        : number.format(table.copied_rows) +
            (known && !table.done ? ` of about ${number.format(table.estimated_rows)}` : ''),
    ),
  );
}

function lag(stream) {
  const parts = [];
  if (stream.lag_seconds !== null && stream.lag_seconds !== undefined) {
    parts.push(`${number.format(stream.lag_seconds)} s`);
  }
  if (stream.lag_bytes !== null && stream.lag_bytes !== undefined) {
    parts.push(bytes(stream.lag_bytes));
  }
  return parts.length > 0 ? parts.join(', ') : 'not known yet';
}

function figure(term, value) {
  return element('div', {}, element('dt', {}, term), element('dd', {}, value));
}

function numeric(value) {
  return element(
    'td',
    { class: 'number' },
    typeof value === 'number' ? number.format(value) : String(value),
  );
}

function known(value, words, otherwise = 'not known') {
  return value === null || value === undefined ? otherwise : words(value);
}

function bytes(value) {
  if (value === null || value === undefined) {
    return 'not known';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let rest = value;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`;
}

function duration(seconds) {
  if (seconds < 120) {
    return `${seconds} s`;
  }
  if (seconds < 7200) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return `${Math.floor(seconds / 3600)} h`;
}
