import { Construct } from 'constructs';

import type { HubService, HubServiceRequest } from '../contracts';
import { podsMadeBy } from '../kit/made-elsewhere';
import { allow, inNamespace } from '../kit/network';
import { namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { HUB_PORTS } from './hub-config';
import { PARTS } from './parts';
import { SESSION_LABELS } from './session-pods';

/** What the hub's settings say of its services. */
export interface ServiceSettings {
  readonly services: readonly { readonly name: string }[];
  readonly roles: readonly { readonly name: string; readonly scopes: readonly string[] }[];
  readonly sessionEnvironment: Readonly<Record<string, string>>;
}

/** Services that people use from their sessions, with the session's token. */
export class HubServices extends Construct {
  readonly #requests: HubServiceRequest[] = [];

  constructor(scope: Construct) {
    super(scope, 'Services');
  }

  add(request: HubServiceRequest): HubService {
    const { name } = request;
    rejectInvalid(this, this.#problems(request));
    this.#requests.push(request);
    const sessions = { podSelector: { matchLabels: { ...SESSION_LABELS } } };
    allow(this, `AllowFrom-${name}`, {
      name: `hub-from-${name}`,
      part: PARTS.hub,
      from: [{ peers: [request.asks], ports: [HUB_PORTS.hub] }],
    });
    const policy = allow(this, `AllowTo-${name}`, {
      name: `session-to-${name}`,
      part: PARTS.session,
      pods: SESSION_LABELS,
      to: request.serves.map(({ pods, ports }) => ({ peers: [pods], ports })),
    });
    podsMadeBy(policy, 'kubespawner');
    const namespace = namespaceOf(this);
    return {
      apiUrl: `http://hub.${namespace}:${HUB_PORTS.hub}/hub/api`,
      sessions: { ...sessions, ...inNamespace(namespace) },
    };
  }

  /** Once all are known. */
  settings(): ServiceSettings {
    const access = this.#requests.map(({ name }) => `access:services!service=${name}`);
    return {
      services: this.#requests.map(({ name }) => ({ name })),
      // A session has the token of the role 'server', which can do no more than its owner's 'user'.
      roles:
        access.length === 0
          ? []
          : [
              { name: 'user', scopes: ['self', ...access] },
              {
                name: 'server',
                scopes: ['users:activity!user', 'access:servers!server', ...access],
              },
            ],
      sessionEnvironment: Object.fromEntries(
        this.#requests.flatMap(({ environment }) => Object.entries(environment)),
      ),
    };
  }

  #problems({ name }: HubServiceRequest): string[] {
    return this.#requests.some((request) => request.name === name) ||
      ['culler', 'metrics'].includes(name)
      ? [`the hub has a service '${name}' already; give this one another name`]
      : [];
  }
}
