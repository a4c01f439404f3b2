import type { Construct } from 'constructs';

import { podsMadeBy } from '../kit/made-elsewhere';
import { allow, API_SERVER, inNamespace, INTERNET, podsOf, type Traffic } from '../kit/network';
import type { Login } from '../contracts';
import { HUB_PORTS } from './hub-config';
import { databasePort } from './hub-database';
import type { JupyterHubProps } from './hub-props';
import { PARTS } from './parts';
import { SESSION_LABELS, SESSION_PORT } from './session-pods';

/** Opens what hub, proxy and sessions say to each other. Sessions never reach one another. */
export function addHubPolicies(scope: Construct, props: JupyterHubProps, login: Login): void {
  const { hub, proxy } = PARTS;
  const sessions = { podSelector: { matchLabels: { ...SESSION_LABELS } } };
  const session: Traffic = { peers: [sessions], ports: [SESSION_PORT] };
  const watchers = (props.monitoringNamespaces ?? []).map(inNamespace);
  allow(scope, 'AllowHub', {
    name: 'hub',
    part: hub,
    from: [{ peers: [podsOf(proxy), sessions, ...watchers], ports: [HUB_PORTS.hub] }],
    to: [
      API_SERVER,
      { peers: [podsOf(proxy)], ports: [HUB_PORTS.proxyApi] },
      session,
      { peers: 'anyone', ports: [loginPort(login)] },
      ...(props.database.kind === 'postgresql'
        ? [{ peers: 'anyone', ports: [databasePort(props.database)] } as const]
        : []),
    ],
  });
  allow(scope, 'AllowProxy', {
    name: 'proxy',
    part: proxy,
    from: [{ peers: [podsOf(hub)], ports: [HUB_PORTS.proxyApi] }],
    to: [{ peers: [podsOf(hub)], ports: [HUB_PORTS.hub] }, session],
  });
  const policy = allow(scope, 'AllowSession', {
    name: 'session',
    part: PARTS.session,
    pods: SESSION_LABELS,
    from: [{ peers: [podsOf(proxy), podsOf(hub)], ports: [SESSION_PORT] }],
    to: [
      { peers: [podsOf(hub)], ports: [HUB_PORTS.hub] },
      ...(props.outgoing?.length === 0
        ? []
        : [{ peers: props.outgoing ?? [INTERNET], ports: 'any' } as const]),
    ],
  });
  podsMadeBy(policy, 'kubespawner');
}

function loginPort(login: Login): number {
  const url = login.kind === 'oidc' ? login.issuer : login.url;
  const usual = url.startsWith('ldap:') ? 389 : url.startsWith('ldaps:') ? 636 : 443;
  return Number(/^[a-z]+:\/\/[^/:]+:(\d+)/.exec(url)?.[1] ?? usual);
}
