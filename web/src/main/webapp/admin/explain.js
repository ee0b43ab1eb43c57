// Why a row is in its buckets, and what a request gets: two forms and what the server says to them.

import { UnknownToken, ask } from './api.js';
import { byId, element, replace, row, table } from './dom.js';

const OUTCOMES = {
  buckets: 'Included.',
  not_subscribed: 'Not part of the request: no default of it, and no subscription names it.',
  condition_not_met:
    'No buckets: the request does not meet the conditions on it, or lacks a value that is compared.',
  nothing_found: 'No buckets: the lookups below did not find what is needed.',
  failed: 'It could not be evaluated for this request.',
};

// refused is called when the server does not know the token any more.
export function offerExplanations(refused) {
  answerForm('explain-row', refused, rowQuestion, rowAnswer);
  answerForm('explain-request', refused, requestQuestion, requestAnswer);
}

export function forgetExplanations() {
  for (const name of ['explain-row', 'explain-request']) {
    byId(name).reset();
    clear(name);
  }
}

function clear(name) {
  byId(`${name}-error`).textContent = '';
  byId(`${name}-summary`).textContent = '';
  replace(byId(`${name}-result`), []);
}

function answerForm(name, refused, question, answer) {
  byId(name).addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = byId(name).querySelector('button');
    clear(name);
    button.disabled = true;
    try {
      const data = await ask(name, question());
      const { summary, panels } = answer(data);
      byId(`${name}-summary`).textContent = summary;
      replace(byId(`${name}-result`), panels);
    } catch (error) {
      if (error instanceof UnknownToken) {
        refused(error.message);
      } else {
        byId(`${name}-error`).textContent = error.message;
      }
    } finally {
      button.disabled = false;
    }
  });
}

// The row goes as a text, of which the server keeps every digit and tells 1 from 1.0.
function rowQuestion() {
  return JSON.stringify({
    table: byId('row-table').value.trim(),
    schema: byId('row-schema').value.trim() || 'public',
    row: typed('row-json', 'The row', '{}'),
  });
}

function requestQuestion() {
  return `{"token": ${typed('request-token', 'The token payload', '{}')},
    "parameters": ${typed('request-parameters', 'The parameters', '{}')},
    "subscriptions": ${typed('request-subscriptions', 'The subscriptions', '[]')},
    "include_defaults": ${byId('request-defaults').checked}}`;
}

// The text as typed, once it is known to be JSON of this shape.
function typed(id, what, shape) {
  const text = byId(id).value.trim() || shape;
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${what}: no valid JSON (${error.message})`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) !== (shape === '[]')) {
    throw new Error(`${what}: must be a JSON ${shape === '[]' ? 'array' : 'object'}`);
  }
  return text;
}

function rowAnswer({ queries }) {
  const used = queries.filter((query) => query.buckets.length + query.lookups.length > 0).length;
  const failed = queries.filter((query) => query.error).length;
  return {
    summary:
      queries.length === 0
        ? 'No query of the active sync config reads this table.'
        : `${used} of ${count(queries.length, 'query', 'queries')} on this table use the row` +
          (failed > 0 ? `, ${failed} fail.` : '.'),
    panels: queries.map(queryPanel),
  };
}

function queryPanel(query) {
  const { buckets, lookups, error } = query;
  let reason = 'The row does not meet the condition of this query.';
  if (error) {
    reason = 'The query fails on this row, which is therefore left out by it.';
  } else if (buckets.length > 0) {
    reason = `The row meets the condition: it is in ${count(buckets.length, 'bucket', 'buckets')}.`;
  } else if (lookups.length > 0) {
    reason = 'The row meets the condition: requests with these values find it.';
  }
  return panel(
    query.definition,
    element('pre', {}, element('code', {}, query.query)),
    element('p', {}, reason),
    problem(error),
    buckets.length > 0
      ? table(
          `Buckets of this query of ${query.definition}`,
          ['Bucket', 'Parameter values'],
          buckets.map((bucket) => row(bucket, bucketValues(bucket))),
        )
      : null,
    lookupTable(`Lookups this query of ${query.definition} answers`, lookups),
  );
}

function requestAnswer({ definitions }) {
  const buckets = definitions.reduce((sum, definition) => sum + definition.buckets.length, 0);
  const giving = definitions.filter((definition) => definition.buckets.length > 0).length;
  return {
    summary:
      `${count(buckets, 'bucket', 'buckets')} from ${giving} of ` +
      `${count(definitions.length, 'definition or stream', 'definitions and streams')}.`,
    panels: definitions.map(definitionPanel),
  };
}

function definitionPanel(definition) {
  const { buckets, errors } = definition;
  const unanswered = new Set(definition.unanswered.map(lookupText));
  return panel(
    definition.definition,
    element('p', {}, OUTCOMES[definition.outcome] ?? definition.outcome),
    ...errors.map(problem),
    buckets.length > 0
      ? table(
          `Buckets of ${definition.definition}`,
          ['Bucket', 'Parameter values', 'Priority', 'Reason'],
          buckets.map((bucket) =>
            row(
              bucket.bucket,
              bucketValues(bucket.bucket),
              bucket.priority,
              bucket.reasons.map(reasonText).join(', '),
            ),
          ),
        )
      : null,
    lookupTable(`Lookups ${definition.definition} asks`, definition.lookups, (lookup) =>
      unanswered.has(lookupText(lookup)) ? 'nothing found' : 'found',
    ),
  );
}

const reasonText = (reason) =>
  reason === 'default' ? 'by default' : `subscription ${Number(reason) + 1}`;

// What follows the name in front: a JSON array.
const bucketValues = (bucket) => {
  const values = bucket.slice(bucket.indexOf('[') + 1, -1);
  return values === '' ? 'none' : values;
};

const literal = (value) => (typeof value === 'string' ? JSON.stringify(value) : String(value));
const literals = (values) => (values.length > 0 ? values.map(literal).join(', ') : 'none');
const lookupText = ({ name, query, values }) => `${name} ${query} ${literals(values)}`;

function lookupTable(caption, lookups, found) {
  if (lookups.length === 0) {
    return null;
  }
  return table(
    caption,
    ['Lookup', 'Query', 'Values', ...(found ? ['Rows'] : [])],
    lookups.map((lookup) =>
      row(lookup.name, lookup.query, literals(lookup.values), ...(found ? [found(lookup)] : [])),
    ),
  );
}

function panel(title, ...children) {
  return element('section', { class: 'panel' }, element('h4', {}, title), ...children);
}

function problem(error) {
  return error ? element('p', { class: 'problem' }, `${error.about}: ${error.text}`) : null;
}

const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;
