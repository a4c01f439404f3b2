import type { Construct } from 'constructs';

import type { Part } from '../kit/labels';
import { allow, API_SERVER, inNamespace, network } from '../kit/network';
import { PORTS } from './traefik-arguments';
import type { TraefikProps } from './traefik-props';

/** Opens the program for whom it is for, for who reads its metrics, and towards the API server. */
export function ownPolicy(scope: Construct, name: string, part: Part, props: TraefikProps): void {
  const scrapers = (props.monitoringNamespaces ?? []).map(inNamespace);
  // Its proxies speak for the clients, whom the middlewares judge.
  const internal = [...(props.internalNetworks ?? []), ...(props.trustedProxies ?? [])];
  allow(scope, 'Allow', {
    name,
    part,
    from: [
      {
        peers: props.reach === 'internal' ? internal.map(network) : 'anyone',
        ports: [PORTS.web, PORTS.websecure],
      },
      ...(scrapers.length > 0 ? [{ peers: scrapers, ports: [PORTS.metrics] }] : []),
    ],
    to: [API_SERVER],
  });
}

/** Opens the way to the service that is asked about requests: by its namespace in the cluster, by its port outside. */
export function forwardPolicy(scope: Construct, name: string, part: Part, url: string): void {
  const { hostname, port, protocol } = new URL(url);
  const [, namespace, kind] = hostname.split('.');
  const standard = protocol === 'https:' ? 443 : 80;
  const inside = kind === 'svc' && namespace !== undefined;
  allow(scope, `AllowTo-${name}`, {
    name,
    part,
    to: [
      inside
        ? { peers: [inNamespace(namespace)], ports: 'any' }
        : { peers: 'anyone', ports: [port === '' ? standard : Number(port)] },
    ],
  });
}
