import type { Construct } from 'constructs';

import { allow, inNamespace, podsOf, type Traffic } from '../kit/network';
import type { HarborComponent } from './harbor-props';
import { METRICS_PORT, type HarborSite } from './harbor-site';

type Source = HarborComponent | 'backup';

/** Opens, on top of a namespace that denies everything, what Harbor's programs say to each other and to the world. */
export function addPolicies(scope: Construct, site: HarborSite): void {
  for (const [component, { from, to }] of conversations(site)) {
    if (from.length === 0 && to.length === 0) continue;
    const part = site.part(component);
    allow(scope, `Allow-${component}`, { name: site.nameOf(component), part, from, to });
  }
}

/** Who speaks to a program, and to whom it speaks. */
interface Conversations {
  readonly from: readonly Traffic[];
  readonly to: readonly Traffic[];
}

function conversations(site: HarborSite): [Source, Conversations][] {
  const web = [site.port];
  const layers = [site.registryPort, site.port];
  const registry = between(site, ['registry'], layers);
  const workers: Traffic[] = [registry, ...backends(site, 'both'), ...outside(site)];
  const all: Readonly<Record<Source, Conversations>> = {
    core: {
      from: [between(site, ['jobservice', 'exporter', 'registry', 'trivy'], web), ...metrics(site)],
      to: [between(site, ['portal', 'jobservice', 'trivy'], web), ...workers],
    },
    portal: { from: [between(site, ['core'], web)], to: [] },
    registry: {
      from: [between(site, ['core', 'jobservice', 'trivy'], layers), ...metrics(site)],
      to: [between(site, ['core'], web), ...backends(site, 'redis'), ...objectStore(site)],
    },
    jobservice: {
      from: [between(site, ['core'], web), ...metrics(site)],
      to: [between(site, ['core', 'trivy'], web), ...workers],
    },
    exporter: {
      from: metrics(site),
      to: [between(site, ['core'], web), ...backends(site, 'both')],
    },
    trivy: {
      from: [between(site, ['core', 'jobservice'], web)],
      to: [between(site, ['core'], web), registry, ...backends(site, 'redis'), ...outside(site)],
    },
    database: { from: [between(site, DATABASE_CLIENTS, [5432])], to: [] },
    redis: { from: [between(site, REDIS_CLIENTS, [6379])], to: [] },
    backup: { from: [], to: backends(site, 'database') },
  };
  return sourcesOf(site).map((source) => [source, all[source]]);
}

const DATABASE_CLIENTS = ['core', 'exporter', 'jobservice', 'backup'] as const;
const REDIS_CLIENTS = ['core', 'exporter', 'jobservice', 'registry', 'trivy'] as const;

/** The programs that this Harbor has. */
function sourcesOf({ props: { trivy, database, redis } }: HarborSite): Source[] {
  return [
    'core',
    'portal',
    'registry',
    'jobservice',
    'exporter',
    ...(trivy === undefined ? [] : (['trivy'] as const)),
    ...(database.kind === 'inside' ? (['database'] as const) : []),
    ...(database.backup === 'none' ? [] : (['backup'] as const)),
    ...(redis.kind === 'inside' ? (['redis'] as const) : []),
  ];
}

function between(
  site: HarborSite,
  components: readonly Source[],
  ports: readonly number[],
): Traffic {
  const there = sourcesOf(site);
  const speaking = components.filter((component) => there.includes(component));
  return { peers: speaking.map((component) => podsOf(site.part(component))), ports };
}

function metrics({ props }: HarborSite): Traffic[] {
  const namespaces = props.monitoringNamespaces ?? [];
  return namespaces.length === 0
    ? []
    : [{ peers: namespaces.map(inNamespace), ports: [METRICS_PORT] }];
}

/** Where database and Redis are. What is outside the cluster has an address that only the site knows. */
function backends(site: HarborSite, which: 'both' | 'database' | 'redis'): Traffic[] {
  const { database, redis } = site.props;
  const databases: Traffic =
    database.kind === 'inside'
      ? between(site, ['database'], [5432])
      : { peers: 'anyone', ports: [database.port] };
  const caches: Traffic =
    redis.kind === 'inside'
      ? between(site, ['redis'], [6379])
      : { peers: 'anyone', ports: [...new Set(redis.addresses.map(portOf))] };
  return [...(which === 'redis' ? [] : [databases]), ...(which === 'database' ? [] : [caches])];
}

/** Other registries, identity providers, webhooks, databases of vulnerabilities; or the proxy to all of them. */
function outside({ props: { proxy, login } }: HarborSite): Traffic[] {
  const ldap = login?.kind === 'ldap' ? [urlPort(login.url)] : [];
  const proxied = proxy === undefined ? [] : [urlPort(proxy.url)];
  return [{ peers: 'anyone', ports: [...new Set([443, ...ldap, ...proxied])] }];
}

function objectStore({ props: { storage } }: HarborSite): Traffic[] {
  return storage.kind === 's3'
    ? [{ peers: 'anyone', ports: [urlPort(storage.bucket.endpoint)] }]
    : [];
}

const KNOWN_PORTS: Readonly<Record<string, number>> = {
  'ldap:': 389,
  'ldaps:': 636,
  'http:': 80,
  'https:': 443,
};

function urlPort(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (KNOWN_PORTS[protocol] ?? 443) : Number(port);
}

/** The port of `host:port`. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
