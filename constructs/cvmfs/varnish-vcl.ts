import { isIPv6 } from 'node:net';

/** What the configuration of Varnish is made from. */
export interface VarnishVcl {
  /** Who may ask: networks in CIDR notation. Everybody else is refused. */
  readonly clients: readonly string[];
  /** Where requests may go: host names of Stratum-1 servers. Varnish learns their addresses when it starts. */
  readonly destinations: readonly string[];
  /** TCP ports of the destinations. */
  readonly destinationPorts: readonly number[];
}

/**
 * The VCL of Varnish 7 and later for clients that take it for a proxy: Varnish itself makes `Host` out of the URL that they ask
 * for. What is not said here its built-in VCL says.
 */
export function varnishVcl({ clients, destinations, destinationPorts }: VarnishVcl): string {
  const servers = destinations.flatMap((host, i) =>
    destinationPorts.map((port) => ({ name: `stratum_one_${i}_${port}`, host, port })),
  );
  return [
    'vcl 4.1;',
    '# Rendered by Beamline.',
    'import std;',
    '',
    ...block('acl clients', clients.map(aclEntry)),
    ...servers.flatMap(({ name, host, port }) =>
      block(`backend ${name}`, [
        `.host = "${host}";`,
        `.port = "${port}";`,
        '.connect_timeout = 5s;',
        '.first_byte_timeout = 60s;',
      ]),
    ),
    '# Who may ask, and for what. All else is refused.',
    ...block('sub vcl_recv', [
      ...when('client.ip !~ clients', 'return (synth(403));'),
      ...when('req.method != "GET" && req.method != "HEAD"', 'return (synth(403));'),
      'set req.http.Host = std.tolower(req.http.Host);',
      ...servers.flatMap(({ name, host, port }, i) => [
        `${i === 0 ? 'if' : '} elseif'} (${asksFor(host, port)}) {`,
        `  set req.backend_hint = ${name};`,
        `  set req.http.Host = "${host}${port === 80 ? '' : `:${port}`}";`,
      ]),
      '} else {',
      '  return (synth(403));',
      '}',
      'unset req.http.Cookie;',
      'unset req.http.X-Forwarded-For;',
    ]),
    '# A manifest that is over is asked for again, not shown once more; the server may say that it has not changed.',
    ...block('sub vcl_backend_response', [
      'set beresp.grace = 0s;',
      'set beresp.keep = 7d;',
      ...when('beresp.status >= 400', 'set beresp.ttl = 10s;', 'set beresp.keep = 0s;'),
      ...when('beresp.status >= 500', 'set beresp.uncacheable = true;'),
    ]),
  ].join('\n');
}

function aclEntry(network: string): string {
  const [address = '', length = isIPv6(address) ? '128' : '32'] = network.split('/');
  return `"${address}"/${length};`;
}

function asksFor(host: string, port: number): string {
  const named = `req.http.Host == "${host}:${port}"`;
  return port === 80 ? `${named} || req.http.Host == "${host}"` : named;
}

function when(condition: string, ...steps: readonly string[]): string[] {
  return [`if (${condition}) {`, ...steps.map((step) => `  ${step}`), '}'];
}

function block(title: string, lines: readonly string[]): string[] {
  return [`${title} {`, ...lines.map((line) => `  ${line}`), '}', ''];
}
