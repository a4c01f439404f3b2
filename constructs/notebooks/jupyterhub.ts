import { Construct } from 'constructs';

import type { HubService, HubServiceRequest, INotebookHub, Login } from '../contracts';
import { expectPods } from '../kit/expected-pods';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { serviceAccount } from '../kit/rbac';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { Hub } from './hub';
import { callbackOf } from './hub-config';
import { addHubMonitoring } from './hub-monitoring';
import { addHubPolicies } from './hub-policies';
import { hubProblems } from './hub-problems';
import type { Homes, JupyterHubProps } from './hub-props';
import { HubProxy } from './hub-proxy';
import { HubServices } from './hub-services';
import { PARTS } from './parts';
import { PrePuller } from './pre-puller';
import { sessionsOf } from './expected-sessions';
import { HOMES_CLAIM, SESSION_ACCOUNT } from './session-pods';

/**
 * Notebooks for the people of a site, in one namespace, with no right outside it. Sessions are ordinary pods without privilege: on OKD
 * restricted-v2 admits them.
 */
export class JupyterHub extends Construct implements INotebookHub {
  private readonly services: HubServices;

  constructor(scope: Construct, id: string, props: JupyterHubProps) {
    super(scope, id);
    rejectInvalid(this, hubProblems(targetOf(this), props));
    const login = props.identity.login({
      scope: this,
      name: 'jupyterhub',
      redirectUris: [callbackOf(props.host)],
    });
    rejectInvalid(this, groupless(props, login));
    this.addHomes(props.homes);
    serviceAccount(this, 'Sessions', SESSION_ACCOUNT, PARTS.session);
    this.services = new HubServices(this);
    const hub = new Hub(this, props, login, this.services);
    for (const share of sharesOf(props)) hub.node.addDependency(share.ready);
    new HubProxy(this, {
      host: props.host,
      ingress: props.ingress,
      reach: props.reach ?? 'internal',
    });
    addHubPolicies(this, props, login);
    addHubMonitoring(this, props.monitoring ?? 'none');
    for (const profile of props.profiles) expectPods(this, sessionsOf(props, profile));
    if (props.prePull === true) new PrePuller(this, props.profiles);
  }

  service(request: HubServiceRequest): HubService {
    return this.services.add(request);
  }

  private addHomes(homes: Homes): void {
    if (homes.kind !== 'shared-claim') return;
    const claim = kubeObject(this, 'Homes', 'PersistentVolumeClaim', {
      metadata: { name: HOMES_CLAIM, labels: labelsOf(PARTS.session) },
      spec: {
        accessModes: ['ReadWriteMany'],
        resources: { requests: { storage: gibibytes(homes.sizeGiB) } },
        storageClassName: homes.storageClass.className,
      },
    });
    claim.node.addDependency(homes.storageClass.ready);
  }
}

/** Groups that somebody names, where the provider tells of none. */
function groupless({ groups, profiles, identity }: JupyterHubProps, login: Login): string[] {
  if (login.kind === 'ldap' || login.groupsClaim !== undefined) return [];
  const named = [
    ...(groups ?? []),
    ...profiles.flatMap((profile) => profile.groups ?? []),
    ...identity.admins.groups,
  ];
  return named.length === 0
    ? []
    : [
        `groups are named, ${[...new Set(named)].join(', ')}, but ${login.title} does not say who is in which; give the provider a 'groupsClaim', or name users`,
      ];
}

function sharesOf({ profiles, homes }: JupyterHubProps) {
  const shares = profiles.flatMap((profile) => (profile.shares ?? []).map(({ share }) => share));
  return [
    ...shares,
    ...(homes.kind === 'share' ? [homes.share] : [{ ready: homes.storageClass.ready }]),
  ];
}
