import { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { exempt } from '../kit/exceptions';
import { find } from '../kit/findings';
import { labelsOf, type Part } from '../kit/labels';
import { GRANTED_UNTIL } from '../kit/leave';
import { isolatedNamespace } from '../kit/namespace';
import { network, type Traffic } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { cpu, gibibytes, mebibytes } from '../kit/quantity';
import { grantInNamespace } from '../kit/rbac';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { edgeAdmission } from './edge-admission';
import { edgeGrantProblems, ending } from './edge-grant-problems';
import type { EdgeGrantProps, EdgeKind } from './edge-grant-props';
import { addLevel, addSccs } from './tenant-consents';

/** Where each kind is in the API. */
const RESOURCES: Readonly<Record<EdgeKind, readonly [group: string, resource: string]>> = {
  Deployment: ['apps', 'deployments'],
  StatefulSet: ['apps', 'statefulsets'],
  CronJob: ['batch', 'cronjobs'],
  Job: ['batch', 'jobs'],
  Service: ['', 'services'],
  ConfigMap: ['', 'configmaps'],
  Secret: ['', 'secrets'],
  PersistentVolumeClaim: ['', 'persistentvolumeclaims'],
};

/**
 * Leave for a remote team to run an edge service here: a namespace of its own with restricted pods, the kinds, images, ports and amounts
 * that the site agreed to, and an account without a lasting credential. `beamline grant` hands out tokens of hours until the last day;
 * nobody elsewhere holds a key to this site. Removing the grant takes the account, and every token with it.
 */
export class EdgeGrant extends Construct {
  private readonly part: Part;
  private readonly namespace: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EdgeGrantProps,
  ) {
    super(scope, id);
    rejectInvalid(this, edgeGrantProblems(props));
    this.namespace = namespaceOf(this);
    this.part = { name: 'edge-grant', instance: props.team, component: 'grant', partOf: 'tenancy' };
    this.addNamespace();
    this.addQuota();
    this.addAccount();
    this.addTraffic();
    this.addAdmission();
    this.tellDays(new Date().toISOString().slice(0, 10));
  }

  private addNamespace(): void {
    const { level, root } = this.props;
    const made = isolatedNamespace(this, 'Namespace', this.part, level?.admits ?? 'restricted');
    if (level === undefined) return;
    addLevel(this, made, level);
    if (root === undefined || !targetOf(this).has('scc')) return;
    const { consent } = level;
    addSccs(this, this.part, [{ serviceAccount: 'service', scc: 'anyuid', consent }]);
  }

  private addQuota(): void {
    const { cpu: cores, memoryGiB, pods, storageGiB } = this.props.resources;
    const labels = labelsOf(this.part);
    const memory = gibibytes(memoryGiB);
    kubeObject(this, 'Quota', 'ResourceQuota', {
      metadata: { name: 'edge-grant', labels },
      spec: {
        hard: {
          pods: String(pods),
          'requests.cpu': cpu(cores),
          'requests.memory': memory,
          'limits.memory': memory,
          'requests.storage': gibibytes(storageGiB),
          'services.nodeports': '0',
          'services.loadbalancers': '0',
        },
      },
    });
    kubeObject(this, 'Limits', 'LimitRange', {
      metadata: { name: 'edge-grant', labels },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { memory: mebibytes(512) },
            defaultRequest: { cpu: cpu(0.1), memory: mebibytes(512) },
            max: { memory },
          },
        ],
      },
    });
  }

  private addAccount(): void {
    const { team, kinds, contact, until } = this.props;
    kubeObject(this, 'Account', 'ServiceAccount', {
      metadata: {
        name: team,
        labels: labelsOf(this.part),
        annotations: { [GRANTED_UNTIL]: until, 'beamline/contact': contact },
      },
      automountServiceAccountToken: false,
    });
    const role = grantInNamespace(this, 'Rights', {
      name: `edge-${team}`,
      part: this.part,
      rules: [...kinds.map(ruleOf), ...LOOKING],
      to: { name: team, namespace: this.namespace },
    });
    if (kinds.includes('Secret')) {
      const reason = "the Secrets of this namespace are the team's own, and it cannot list them";
      exempt(role, { rule: 'secret-access', reason });
    }
  }

  private addTraffic(): void {
    const { ports, from, to } = this.props;
    const incoming: Traffic[] =
      ports.length === 0
        ? []
        : [{ peers: from === undefined ? 'anyone' : from.map(network), ports }];
    const outgoing: Traffic = {
      peers: to === 'anywhere' ? 'anyone' : to.map(network),
      ports: 'any',
    };
    const own: Traffic = { peers: [{ podSelector: {} }], ports: 'any' };
    const both = (traffic: readonly Traffic[], key: 'from' | 'to'): object[] =>
      traffic.map(({ peers, ports: open }) => ({
        ...(peers === 'anyone' ? {} : { [key]: peers }),
        ...(open === 'any' ? {} : { ports: open.map((port) => ({ port, protocol: 'TCP' })) }),
      }));
    kubeObject(this, 'Traffic', 'NetworkPolicy', {
      metadata: { name: 'edge-grant', labels: labelsOf(this.part) },
      spec: {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        ingress: both([...incoming, own], 'from'),
        egress: both([outgoing, own], 'to'),
      },
    });
  }

  private addAdmission(): void {
    const { team, repositories, ports } = this.props;
    const target = targetOf(this);
    if (target.has('validating-admission-policy')) {
      const name = `edge-${this.namespace}-${team}`;
      edgeAdmission(this, {
        name,
        namespace: this.namespace,
        part: this.part,
        repositories,
        ports,
      });
      return;
    }
    find(this, {
      rule: 'tenancy/grant-not-enforced',
      severity: 'warning',
      reason: `'${target.name}' has no ValidatingAdmissionPolicy, so nothing keeps team '${team}' from images other than ${repositories.join(', ')} and Services on ports other than ${ports.join(', ')}`,
      fix: 'Let a webhook of the site (Kyverno, Gatekeeper) hold the rules, or agree with the team.',
    });
  }

  private tellDays(today: string): void {
    const { team, until, contact } = this.props;
    const end = ending(until, today);
    if (end === 'far') return;
    find(this, {
      rule: end === 'over' ? 'tenancy/grant-over' : 'tenancy/grant-ends-soon',
      severity: end === 'over' ? 'error' : 'warning',
      reason: `the grant of team '${team}' ${end === 'over' ? 'ended' : 'ends'} on ${until}`,
      fix: `Renew it with ${contact}, or remove it: its namespace, account and pods go with it.`,
    });
  }
}

/** Nothing here reads what the team did not write: Secrets are the team's own, in its own namespace. */
function ruleOf(kind: EdgeKind): PolicyRule {
  const [group, resource] = RESOURCES[kind];
  const writing = ['create', 'update', 'patch', 'delete'];
  // A rule over Secrets without `list` and `watch`: those of the grant itself need not be shown.
  const reading = kind === 'Secret' ? ['get'] : ['get', 'list', 'watch'];
  return { apiGroups: [group], resources: [resource], verbs: [...reading, ...writing] };
}

const LOOKING: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['pods', 'pods/log', 'events'], verbs: ['get', 'list', 'watch'] },
];
