/** What is wrong with a distinguished name (RFC 4514), if anything. */
export function dnProblem(what: string, dn: string): string[] {
  return /^[A-Za-z][\w-]*=[^,]+(,\s*[A-Za-z][\w-]*=[^,]+)*$/.test(dn.replaceAll('\\,', ''))
    ? []
    : [`${what} must be a distinguished name such as 'ou=people,dc=example,dc=org', got '${dn}'`];
}

/** What is wrong with a filter (RFC 4515), if anything: parentheses that close, and something inside. */
export function filterProblem(what: string, filter: string): string[] {
  let depth = 0;
  for (const [place, letter] of Array.from(filter).entries()) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (depth < 0 || (depth === 0 && place < filter.length - 1)) return [wrong(what, filter)];
  }
  return depth === 0 && /^\(.+\)$/.test(filter) && /[=]/.test(filter) ? [] : [wrong(what, filter)];
}

function wrong(what: string, filter: string): string {
  return `${what} must be one LDAP filter in parentheses, such as '(objectClass=posixAccount)', got '${filter}'`;
}
