import {setTimeout as sleep} from 'node:timers/promises'

const attempts = 5
/** The longest time that a script waits for an API, all requests together, in milliseconds. */
const patience = 300_000
let waited = 0

/**
 * Sends a request and returns the parsed body and the headers. Waits for rate limits and repeats failed requests, within
 * limits; throws for anything but success.
 *
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>, body?: object, isRepeatable?: boolean}} [options]
 *   `isRepeatable` is false if the request must not take effect twice
 */
export async function request(url, {method = 'GET', headers = {}, body, isRepeatable = true} = {}) {
  for (let attempt = 1; ; attempt++) {
    const answer = await send(url, method, headers, body)
    if (answer.ok) return {data: await jsonOf(answer, method, url), headers: answer.headers}
    const reason = `${method} ${new URL(url).pathname}: ${answer.status} ${answer.text.slice(0, 200)}`
    const isLimited = isRateLimited(answer)
    if (attempt === attempts || !(isLimited || (isRepeatable && isPassing(answer.status)))) throw new Error(reason)
    const delay = delayOf(answer, isLimited ? 60_000 : 1000 * 2 ** (attempt - 1))
    if (waited + delay > patience) throw new Error(`${reason} (retry in ${Math.ceil(delay / 1000)} s)`)
    waited += delay
    await sleep(delay)
  }
}

async function send(url, method, headers, body) {
  try {
    const answer = await fetch(url, {
      method,
      headers: {...headers, ...(body !== undefined && {'content-type': 'application/json'})},
      ...(body !== undefined && {body: JSON.stringify(body)}),
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
    })
    return {ok: answer.ok, status: answer.status, headers: answer.headers, text: await answer.text()}
  } catch (error) {
    const reason = error.cause?.code ?? error.cause?.message ?? error.message
    return {ok: false, status: 0, headers: new Headers(), text: String(reason)}
  }
}

async function jsonOf({text}, method, url) {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    throw new Error(`${method} ${new URL(url).pathname}: the answer is not JSON`)
  }
}

function isPassing(status) {
  return status === 0 || status === 408 || status >= 500
}

function isRateLimited({status, headers, text}) {
  if (status === 429) return true
  if (status !== 403) return false
  return (
    headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0' || /secondary rate limit/i.test(text)
  )
}

function delayOf({headers}, otherwise) {
  const seconds = Number(headers.get('retry-after') ?? NaN)
  if (seconds >= 0) return seconds * 1000
  const reset = headers.get('x-ratelimit-remaining') === '0' ? Number(headers.get('x-ratelimit-reset') ?? NaN) : NaN
  return reset > 0 ? Math.max(1000, reset * 1000 - Date.now()) : otherwise
}
