/** Written in place of a secret. */
const mask = '***'

/** Schemes of servers: behind them, a user part is recognised where slashes or the colon are missing, too. */
const servers = 'postgres(?:ql)?|mysql|mariadb|libsql'

/** Names of parameters and properties whose values are secret. */
const secretName = String.raw`[\w-]*(?:password|passwd|passphrase|pwd|token|secret|encryption_?key)`

const secretOption = new RegExp(`^${secretName}$`, 'i')

/** A key or certificate, with line ends as they are or as in a string; to the end of the text if it is cut off. */
const pem = /-----BEGIN [A-Z\d ]+-----(?:[\s\S]*?-----END [A-Z\d ]+-----|[\s\S]*)/g
const privateKey = /^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----/

/** Secret texts that mig was given, and how they are shown. */
const known = new Map<string, string>()

/** The length from which a password is hidden wherever it stands: a shorter one may be part of other words. */
const shortestAlone = 12

/**
 * Remembers the address of a database, so that `hidePasswords` finds it and its passwords in any text, whatever characters
 * they have.
 */
export function rememberAddress(address: string): void {
  const hidden = hideInAddress(address)
  if (hidden === address) return
  known.set(address, hidden)
  for (const secret of secretsIn(address)) {
    known.set(`:${secret}@`, `:${mask}@`)
    if (secret.length >= shortestAlone) known.set(secret, mask)
  }
}

/** Remembers the passwords, passphrases and private keys in connection options, at whatever depth. */
export function rememberOptions(options: unknown, name = ''): void {
  if (typeof options === 'string') {
    const isSecret = secretOption.test(name) || privateKey.test(options)
    for (const line of isSecret ? options.split('\n') : [])
      if (line.length >= shortestAlone && !line.startsWith('-----')) known.set(line, mask)
    return
  }
  if (typeof options !== 'object' || options === null) return
  const prototype: unknown = Object.getPrototypeOf(options)
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(options)) return
  // Getters belong to the project; they may throw.
  for (const [key, {value}] of Object.entries(Object.getOwnPropertyDescriptors(options)))
    rememberOptions(value as unknown, key)
}

/** Returns a text with the passwords in it hidden: those of addresses that mig was given, and whatever looks like one. */
export function hidePasswords(text: string): string {
  let hidden = text
  // The longest first: others may be parts of it.
  for (const [secret, shown] of [...known].toSorted(([a], [b]) => b.length - a.length))
    hidden = hidden.replaceAll(secret, () => shown)
  return hideUserParts(hidden.replaceAll(pem, mask))
    .replaceAll(parameter, `$<name>${mask}`)
    .replaceAll(property, `$<name>${mask}`)
}

/** Returns plain JSON with the passwords in its texts hidden. */
export function hidePasswordsIn(value: unknown): unknown {
  if (typeof value === 'string') return hidePasswords(value)
  if (Array.isArray(value)) return value.map(hidePasswordsIn)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' && secretOption.test(key) ? mask : hidePasswordsIn(inner),
    ]),
  )
}

/**
 * Returns the address of a database, or what was meant to be one, with its passwords hidden.
 *
 * A password may have any character, also those that would have to be escaped. Where it is not clear which part is secret,
 * too much is hidden.
 */
export function hideInAddress(address: string): string {
  const user = userPasswordIn(address)
  const value = secretValueIn(address)
  if (user === undefined) return value === undefined ? address : `${address.slice(0, value)}${mask}`
  // A user part may look like a parameter, and the value of a parameter like a user part.
  if (value !== undefined && value < user.end) return `${address.slice(0, Math.min(user.start, value))}${mask}`
  return `${address.slice(0, user.start)}${mask}${address.slice(user.end, value)}${value === undefined ? '' : mask}`
}

/** Prefix of a well-formed address or a file path. Any other colon may belong to a user part. */
const scheme = /^[a-z][a-z\d+.-]+:\/\/|^(?:sqlite|libsql|pglite|file):\/*|^/i

/** Returns where the password of a user part is: from the first colon behind the scheme to the last @. */
function userPasswordIn(address: string): {readonly start: number; readonly end: number} | undefined {
  const [prefix = ''] = scheme.exec(address) ?? []
  const colon = address.indexOf(':', prefix.length)
  const [start, end] = [colon + 1, address.lastIndexOf('@')]
  // As in `user/password@host:1521/service`.
  const slash = /^[^:@]*?[^:@/]\/(?!\/)(?=[^:]*@)/.exec(address.slice(prefix.length))
  if (slash !== null) return {start: prefix.length + slash[0].length, end}
  if (colon === -1) return undefined
  if (end >= start) return {start, end}
  // Without a host, it is a port or a password.
  const isUser = prefix.endsWith('://') && end === -1 && /^[^[]+$/.test(address.slice(prefix.length, colon))
  return isUser && !isPort(address.slice(start)) ? {start, end: address.length} : undefined
}

/** The TLS options of a URL may have a key and a passphrase. */
const secretKey = new RegExp(
  String.raw`(?<![\w-])${secretName}(?:["']?\s*=|["']\s*:)\s*|[?&](?:hex)?key=|[?&]ssl=(?=\s*(?:\{|%7B))`,
  'i',
)

/** Returns where the value of the first secret parameter begins; it may go on to the end. */
function secretValueIn(address: string): number | undefined {
  const found = secretKey.exec(address)
  return found === null ? undefined : found.index + found[0].length
}

function secretsIn(address: string): readonly string[] {
  const user = userPasswordIn(address)
  const value = secretValueIn(address)
  const rest = value === undefined ? '' : address.slice(value)
  const [first = ''] = rest.split('&')
  const parsed = URL.parse(address)?.password ?? ''
  const secrets = [user === undefined ? '' : address.slice(user.start, user.end), parsed, rest, first]
  return secrets.flatMap((secret) => (secret === '' ? [] : [secret, unescaped(secret)]))
}

/** Text before the password of a user part; without slashes, the user is named like a scheme. */
const userPart = new RegExp(
  String.raw`(?<![a-z\d+.-])(?:(?:(?!(?:file|node):)[a-z][a-z\d+.-]*:\/+|(?:${servers})\/+)[^\s:/@[\]()'"]*:|(?<bare>(?:${servers}):)(?!\/))`,
  'gi',
)

/** A password in a text ends at the last @ before the next address or the end of the line. */
function hideUserParts(text: string): string {
  const found = [...text.matchAll(userPart)]
  let hidden = ''
  let done = 0
  for (const [i, {index, 0: before, groups}] of found.entries()) {
    const start = index + before.length
    const rest = text.slice(start, found[i + 1]?.index)
    const length = passwordLength(rest.split('\n', 1)[0] ?? '', groups?.['bare'] !== undefined)
    hidden += text.slice(done, start)
    done = start + length
    if (length > 0) hidden += mask
  }
  return hidden + text.slice(done)
}

/** @param isBare whether it must be in the first word */
function passwordLength(line: string, isBare: boolean): number {
  if (line.startsWith(`${mask}@`)) return mask.length
  const [word = ''] = /^\S*/.exec(line) ?? []
  if (isBare) return Math.max(0, word.lastIndexOf('@'))
  if (isPort(word)) return 0
  const at = line.lastIndexOf('@')
  return at === -1 ? word.length : at
}

/** Returns whether what follows the colon of an address is a port, with what may follow that. */
function isPort(text: string): boolean {
  return /^\d*(?:$|[^\w@%][^@]*$)/.test(text)
}

const quoted = String.raw`'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"`
/** A parameter of a URL, or a word of a connection string. */
const parameter = new RegExp(
  String.raw`(?<name>(?:[?&;](?:${secretName}|ssl(?==(?:\{|%7B)))|(?<![\w-])(?:ssl|PG|MYSQL_)?(?:password|passwd|passphrase|pwd))=)(?:${quoted}|(?!&[\w.-]+=)\S)+`,
  'gi',
)
/** A property of an object, as it is printed. */
const property = new RegExp(
  String.raw`(?<name>(?<![\w-]|unrecognized )${secretName}["']?\s*[:=]\s*)(?:${quoted})`,
  'gi',
)

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
