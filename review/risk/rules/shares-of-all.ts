import { amountOf } from '../../../plan/difference/quantity';
import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, subjectOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, goes, listed, touches } from '../look';
import { openedNetworks } from '../networks';
import type { Risk, Rule } from '../risk';
import { numberAt } from '../world';

/** What many share by the object of an operator or of the API server: queues, tenants' quotas, addresses, attention. */
export const sharesOfAll: Rule = (change, context) => {
  if (change.operation === 'create' || change.operation === 'retain') return [];
  switch (`${manifestOf(change).kind}.${subjectOf(change).group}`) {
    case 'ClusterQueue.kueue.x-k8s.io':
      return queue(change);
    case 'ClusterResourceQuota.quota.openshift.io':
      return tenants(change);
    case 'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io':
      return attention(change);
    case 'IPAddressPool.metallb.io':
    case 'IPPool.crd.projectcalico.org':
    case 'IPPool.projectcalico.org':
    case 'CiliumLoadBalancerIPPool.cilium.io':
      return pool(change);
    case 'Endpoints.':
    case 'EndpointSlice.discovery.k8s.io':
      return addresses(change, context);
    default:
      return [];
  }
};

function queue(change: Change): Risk[] {
  const quotas = (side: Change['before']): Map<string, number> =>
    new Map(
      objectsAt(side?.manifest, 'spec', 'resourceGroups')
        .flatMap((group) => objectsAt(group, 'flavors'))
        .flatMap((flavour) =>
          objectsAt(flavour, 'resources').map((resource): [string, number] => [
            `${textAt(resource, 'name') ?? ''} of ${textAt(flavour, 'name') ?? ''}`,
            amountOf(resource['nominalQuota']) ?? 0,
          ]),
        ),
    );
  const now = quotas(change.after);
  const emptied = [...quotas(change.before)].filter(
    ([name, had]) => had > 0 && (now.get(name) ?? 0) === 0,
  );
  const [held, stops] = [change.before, change.after].map((side) =>
    textAt(side?.manifest, 'spec', 'stopPolicy'),
  );
  const stopped = stops !== held && (stops === 'Hold' || stops === 'HoldAndDrain');
  if (goes(change) || (!stopped && emptied.length === 0)) return [];
  const drained = stops === 'HoldAndDrain';
  return [
    {
      rule: 'queue-stopped',
      severity: 'high',
      why: stopped
        ? `no job of the queue starts any more${drained ? ', and those that run are thrown out' : ''}`
        : `the queue has no ${listed(emptied.map(([name]) => name))} any more: jobs that ask for it wait, or live on what others lend`,
      lost: drained
        ? 'what running jobs have done so far'
        : 'the work of everybody who submits there',
      instead: drained
        ? "take 'Hold', and wait for the jobs that run"
        : 'tell those who submit first',
    },
  ];
}

/** Below this part of what it was, people notice on the same day. */
const MUCH = 0.5;

/** The namespaces it counts are tenants', and what runs there is in no plan. */
function tenants(change: Change): Risk[] {
  const hard = (side: Change['before']): Record<string, Json | undefined> => {
    const all = at(side?.manifest, 'spec', 'quota', 'hard');
    return isObject(all) ? { ...all } : {};
  };
  const now = hard(change.after);
  const cut = Object.entries(hard(change.before)).filter(([resource, was]) => {
    const [had, has] = [amountOf(was), amountOf(now[resource])];
    return had !== undefined && has !== undefined && has < had * MUCH;
  });
  if (goes(change) || cut.length === 0) return [];
  return [
    {
      rule: 'tenants-cut',
      severity: 'high',
      why: `tenants get less than half of ${listed(cut.map(([resource]) => resource))}, and no plan says what they run: above it, nothing of theirs starts again`,
      lost: 'what is restarted, or submitted, there',
      instead: 'look at status.total.used first',
    },
  ];
}

function attention(change: Change): Risk[] {
  const shares = (side: Change['before']): number | undefined =>
    numberAt(side?.manifest, 'spec', 'limited', 'nominalConcurrencyShares');
  if (!goes(change) && (shares(change.after) !== 0 || shares(change.before) === 0)) return [];
  return [
    {
      rule: 'requests-unanswered',
      severity: 'high',
      why: goes(change)
        ? 'the API server sorts the requests of these clients elsewhere, among everybody else'
        : 'the API server gives these clients no share of its own: with nothing to borrow, every request waits or is refused',
      lost: 'what these clients do: kubectl, operators, the kubelets, whoever it is about',
      instead: 'leave a small share',
    },
  ];
}

function pool(change: Change): Risk[] {
  const ranges = (side: Change['before']): string[] =>
    ['addresses', 'cidr', 'blocks'].flatMap((field) => {
      const value = at(side?.manifest, 'spec', field);
      const list = isList(value) ? value : value === undefined ? [] : [value];
      return list.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    });
  const { wide, narrow } = openedNetworks(ranges(change.after), ranges(change.before));
  const lost = [...wide, ...narrow];
  const disabled =
    touches(change, 'spec.disabled') && at(change.after?.manifest, 'spec', 'disabled') === true;
  if (lost.length === 0 && !disabled) return [];
  return [
    {
      rule: 'addresses-withdrawn',
      severity: 'high',
      why: `${lost.length > 0 ? `${listed(lost)} is no longer given out` : 'it gives out nothing any more'}: whoever has an address of it gets another one, or none`,
      lost: 'access under the old addresses: names, firewalls and clients that know them',
      instead: 'add the new addresses beside the old ones, and move one by one',
    },
  ];
}

/** Addresses written by hand: of bricks, of a database, of a service outside. */
function addresses(change: Change, { after }: Context): Risk[] {
  const { name, namespace } = manifestOf(change).metadata;
  const ips = (side: Change['before']): string[] => [
    ...objectsAt(side?.manifest, 'subsets').flatMap((subset) =>
      objectsAt(subset, 'addresses').flatMap((address) => textAt(address, 'ip') ?? []),
    ),
    ...objectsAt(side?.manifest, 'endpoints').flatMap((endpoint) => {
      const list = endpoint['addresses'];
      return isList(list) ? list.map(String) : [];
    }),
  ];
  const now = ips(change.after);
  const lost = ips(change.before).filter((ip) => goes(change) || !now.includes(ip));
  if (lost.length === 0) return [];
  const volumes = after
    .all('PersistentVolume')
    .filter(
      ({ manifest }) =>
        textAt(manifest, 'spec', 'glusterfs', 'endpoints') === name &&
        (textAt(manifest, 'spec', 'glusterfs', 'endpointsNamespace') ??
          textAt(manifest, 'spec', 'claimRef', 'namespace') ??
          namespace) === namespace,
    );
  const all = now.length === 0 || !ips(change.before).some((ip) => now.includes(ip));
  return [
    {
      rule: 'endpoints-withdrawn',
      severity: volumes.length > 0 || all ? 'high' : 'medium',
      why: `${listed(lost)} is no longer behind '${name}'${volumes.length > 0 ? `, by which ${listed(volumes.map(called))} is mounted` : ''}`,
      lost:
        volumes.length > 0 ? 'the volumes, at the next mount' : 'connections to these addresses',
      instead: 'add the new addresses beside the old ones first',
    },
  ];
}
