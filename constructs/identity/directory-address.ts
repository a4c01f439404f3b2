/** Where a directory listens: `ldaps://` is on 636 and `ldap://` on 389, unless the URL says otherwise (RFC 4516, IANA). */
export function directoryAddress(url: string): { readonly host: string; readonly port: number } {
  const [, scheme = '', host = '', port] = /^(ldaps?):\/\/([^:/]+)(?::(\d+))?$/.exec(url) ?? [];
  return { host, port: Number(port ?? (scheme === 'ldaps' ? 636 : 389)) };
}
