import { at, isObject, isList, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, listed } from '../look';
import type { Risk, Rule } from '../risk';

const OTHERS = new Set([
  'EgressNetworkPolicy',
  'EgressFirewall',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'GlobalNetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
]);

/** Network policies: what they no longer keep out, and what they begin to. */
export const policies: Rule = (change, context) => {
  const { kind } = manifestOf(change);
  if (OTHERS.has(kind)) return change.operation === 'delete' ? [gone(change, [])] : [];
  if (kind !== 'NetworkPolicy') return [];
  if (change.operation === 'replace') return [];
  if (change.operation === 'delete') return deleted(change, context);
  return change.operation === 'create'
    ? created(change, context)
    : [...opened(change), ...narrowed(change)];
};

function deleted(change: Change, { before, after }: Context): Risk[] {
  const manifest = change.before?.manifest ?? manifestOf(change);
  const { namespace } = manifest.metadata;
  const selected = before.selectedBy(namespace, at(manifest, 'spec', 'podSelector'));
  const left = selected.filter(({ object }) => after.get(object.id) !== undefined);
  if (selected.length > 0 && left.length === 0) {
    return [
      {
        rule: 'policy-deleted',
        severity: 'low',
        why: 'the policy goes together with every pod that it was about',
        lost: 'nothing',
        instead: 'nothing',
      },
    ];
  }
  return [
    gone(
      change,
      left.map(({ object }) => called(object)),
    ),
  ];
}

function gone(change: Change, pods: readonly string[]): Risk {
  return {
    rule: 'policy-deleted',
    severity: 'high',
    why: `without '${manifestOf(change).metadata.name}', what no other policy selects may be reached by everybody: ${listed(pods)}`,
    lost: 'the isolation of these pods',
    instead:
      'make the policy that takes its place in the same deployment, and delete this one afterwards',
  };
}

function created(change: Change, { before }: Context): Risk[] {
  const manifest = manifestOf(change);
  const there = before
    .selectedBy(manifest.metadata.namespace, at(manifest, 'spec', 'podSelector'))
    .filter(
      ({ object, namespace }) =>
        !before
          .all('NetworkPolicy')
          .some(
            (policy) =>
              policy.manifest.metadata.namespace === namespace &&
              before
                .selectedBy(namespace, at(policy.manifest, 'spec', 'podSelector'))
                .some((other) => other.object.id === object.id),
          ),
    );
  if (there.length === 0) return [];
  return [
    {
      rule: 'policy-isolates',
      severity: 'medium',
      why: `${listed(there.map(({ object }) => called(object)))} was open; now everything that no policy allows is dropped`,
      lost: 'connections that nobody listed',
      instead: 'look at who connects before it is applied',
    },
  ];
}

interface Direction {
  readonly rules: 'ingress' | 'egress';
  readonly peers: 'from' | 'to';
  readonly type: 'Ingress' | 'Egress';
}

const DIRECTIONS: readonly Direction[] = [
  { rules: 'ingress', peers: 'from', type: 'Ingress' },
  { rules: 'egress', peers: 'to', type: 'Egress' },
];

function opened(change: Change): Risk[] {
  const openings = DIRECTIONS.flatMap(({ rules, peers, type }) => {
    const [was, will] = [change.before, change.after].map((side) => side?.manifest);
    const applies = (manifest: Json | undefined): boolean => {
      const types = at(manifest, 'spec', 'policyTypes');
      return isList(types)
        ? types.includes(type)
        : type === 'Ingress' || at(manifest, 'spec', rules) !== undefined;
    };
    if (!applies(will)) return applies(was) ? [`${type} is no longer limited at all`] : [];
    if (!applies(was)) return [];
    const before = objectsAt(was, 'spec', rules).map((rule) => JSON.stringify(rule));
    return objectsAt(will, 'spec', rules)
      .filter((rule) => !before.includes(JSON.stringify(rule)))
      .flatMap((rule) => widest(rule, peers, objectsAt(was, 'spec', rules)));
  });
  const unselected = selectorNarrowed(change);
  if (openings.length === 0 && !unselected) return [];
  return [
    {
      rule: 'policy-opened',
      severity: 'high',
      why: unselected
        ? 'the policy no longer selects all the pods it selected; the others are open'
        : listed(openings),
      lost: 'the isolation of the pods that it selects',
      instead: 'name the namespaces and pods that may connect, and on which port',
    },
  ];
}

/** What makes a rule let in everybody, where no rule did so before. */
function widest(rule: JsonObject, peers: 'from' | 'to', before: readonly JsonObject[]): string[] {
  const key = (of: JsonObject): string[] => {
    const list = objectsAt(of, peers);
    const found: string[] = [];
    if (list.length === 0) found.push('everybody');
    for (const peer of list) {
      const network = textAt(peer, 'ipBlock', 'cidr') ?? '';
      if (/\/([0-9]|1[0-2])$/.test(network)) found.push(`the addresses of ${network}`);
      if (isEverything(peer['namespaceSelector'])) {
        if (peer['podSelector'] === undefined || isEverything(peer['podSelector']))
          found.push('every pod of every namespace');
      }
    }
    if (of['ports'] === undefined && list.length > 0) found.push('all ports');
    return found;
  };
  const known = new Set(before.flatMap(key));
  return key(rule)
    .filter((opening) => !known.has(opening))
    .map((opening) => `it lets ${peers === 'from' ? 'in' : 'out to'} ${opening}`);
}

function isEverything(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function selectorNarrowed(change: Change): boolean {
  const [was, will] = beforeAndAfter(change, 'spec', 'podSelector');
  return JSON.stringify(was) !== JSON.stringify(will) && !isEverything(will);
}

function narrowed(change: Change): Risk[] {
  const fewer = DIRECTIONS.filter(({ rules }) => {
    const [was, will] = [change.before, change.after].map((side) =>
      objectsAt(side?.manifest, 'spec', rules).map((rule) => JSON.stringify(rule)),
    );
    return was?.some((rule) => will?.includes(rule) === false) === true;
  });
  if (fewer.length === 0) return [];
  return [
    {
      rule: 'policy-narrowed',
      severity: 'medium',
      why: 'a rule goes or becomes another one: connections that it allowed are dropped',
      lost: 'whoever used it',
      instead: 'look at who connects before it is applied',
    },
  ];
}
