// The admin REST API, with the API token of this tab.

const TOKEN_KEY = 'powersync-api-token';

export class UnknownToken extends Error {}

export const signedIn = () => sessionStorage.getItem(TOKEN_KEY) !== null;
export const keepToken = (token) => sessionStorage.setItem(TOKEN_KEY, token);
export const forgetToken = () => sessionStorage.removeItem(TOKEN_KEY);

// The data of the answer. Without a body it is a GET; the body is JSON text.
export async function ask(route, body) {
  const response = await fetch(`../api/admin/v1/${route}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      Authorization: `Bearer ${sessionStorage.getItem(TOKEN_KEY)}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body,
    cache: 'no-store',
  });
  if (response.status === 401) {
    throw new UnknownToken('The server does not know this token.');
  }
  const text = await response.text();
  if (!response.ok) {
    throw new Error(refusal(response.status, text));
  }
  return JSON.parse(text, exactly).data;
}

// Integers beyond 2^53 keep their digits where the browser tells how they were written.
function exactly(key, value, context) {
  return typeof value === 'number' && /^-?\d{16,}$/.test(context?.source ?? '')
    ? BigInt(context.source)
    : value;
}

function refusal(status, text) {
  try {
    const { code, description, details } = JSON.parse(text).error;
    return [`${code}: ${description}`, details].filter(Boolean).join('. ');
  } catch {
    return `The server answered with status ${status}`;
  }
}
