import { Chart, type App } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IIngress, RouteRequest } from '../../../constructs/contracts';
import { kubeObject } from '../../../constructs/kit/objects';
import type { TargetName } from '../../../constructs/targets';
import { appFor, Synthesized } from '../../support/synth';

/** A tree with a front door, and one namespace `notebooks` with a Service `hub`, which asks for routes. */
export interface Site {
  readonly app: App;
  readonly door: IIngress;
  readonly scope: Chart;
}

/** Builds it. */
export function siteWith(
  build: (chart: Chart) => IIngress,
  target: TargetName = 'kubernetes 1.34',
): Site {
  const app = appFor(target);
  const door = build(new Chart(app, 'Edge', { namespace: 'ingress' }));
  const scope = new Chart(app, 'Hub', { namespace: 'notebooks' });
  kubeObject(scope, 'Service', 'Service', {
    metadata: { name: 'hub' },
    spec: { selector: { app: 'hub' }, ports: [{ name: 'http', port: 80, targetPort: 8081 }] },
  });
  return { app, door, scope };
}

/** A route to the Service, with whatever is to be tried. */
export function routeTo(scope: Construct, fields: Partial<RouteRequest> = {}): RouteRequest {
  return {
    scope,
    name: 'hub',
    host: 'www.example.org',
    service: { name: 'hub', port: 'http' },
    reach: 'public',
    ...fields,
  };
}

/** What the site renders once it has these routes. */
export function routed(site: Site, ...routes: readonly Partial<RouteRequest>[]): Synthesized {
  for (const fields of routes) site.door.route(routeTo(site.scope, fields));
  return new Synthesized(site.app);
}

/** For `www.example.org` and `*.hub.example.org`, from 2026-01-01 to 2027-01-01. Made for these tests; nobody has its key. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdDCCARmgAwIBAgIBATAKBggqhkjOPQQDAjAaMRgwFgYDVQQDDA93d3cuZXhh
bXBsZS5vcmcwHhcNMjYwMTAxMDAwMDAwWhcNMjcwMTAxMDAwMDAwWjAaMRgwFgYD
VQQDDA93d3cuZXhhbXBsZS5vcmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARX
5Uu18ZzzeK6dCxUI047SUvN3Vm22o8MSL10T51B6eBbmZGZBEATdr8vvLypO5Lj+
0/hx3kp8O3/WxVhj/Ye2o1AwTjAtBgNVHREEJjAkgg93d3cuZXhhbXBsZS5vcmeC
ESouaHViLmV4YW1wbGUub3JnMB0GA1UdDgQWBBS9dldo0rqL10KKHNyiEy2SfEcu
3jAKBggqhkjOPQQDAgNJADBGAiEAivf37S1S0CP7V7LBy2boWSeoLNK8aPRqyGxF
Mct0vwsCIQDIp6QwlbkxAWzjObny1wOPehK6dae+VV7jKoWdvQnnGw==
-----END CERTIFICATE-----
`;
