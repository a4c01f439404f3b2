import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, listed } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload, World } from '../world';

/** What network policies add up to for pods: allowed is what any of them allows, and a pod that none selects is open. */
export const policyReach: Rule = (change, context) => {
  const { kind } = manifestOf(change);
  if (kind === 'EgressFirewall' || kind === 'EgressNetworkPolicy') return firewall(change);
  if (kind !== 'NetworkPolicy') return [];
  if (change.operation !== 'create' && change.operation !== 'update') return [];
  return [
    ...cutOff(change, context),
    ...(change.operation === 'create' ? openedByAddition(change, context) : []),
  ];
};

/** Policies of a world that decide what comes in to a workload. */
function incoming(workload: Workload, world: World): readonly Json[] {
  return world
    .all('NetworkPolicy')
    .map(({ manifest }) => manifest)
    .filter(({ metadata, ...rest }) => {
      const types = at(rest, 'spec', 'policyTypes');
      return (
        metadata.namespace === workload.namespace &&
        (!isList(types) || types.includes('Ingress')) &&
        world
          .selectedBy(workload.namespace, at(rest, 'spec', 'podSelector'))
          .some(({ object }) => object.id === workload.object.id)
      );
    });
}

/** Pods behind a Service that somebody could reach, and nobody can from now on. */
function cutOff(change: Change, { before, after }: Context): Risk[] {
  const manifest = manifestOf(change);
  const { namespace } = manifest.metadata;
  const lets = (workload: Workload | undefined, world: World): boolean => {
    if (workload === undefined) return false;
    const policies = incoming(workload, world);
    return (
      policies.length === 0 ||
      policies.some((policy) => objectsAt(policy, 'spec', 'ingress').length > 0)
    );
  };
  const shut = after
    .selectedBy(namespace, at(manifest, 'spec', 'podSelector'))
    .filter(
      (workload) =>
        after.servicesOf(workload).length > 0 &&
        lets(before.workload(workload.object.id), before) &&
        !lets(workload, after),
    );
  if (shut.length === 0) return [];
  return [
    {
      rule: 'policy-cuts-off',
      severity: 'high',
      why: `nothing may connect to ${listed(shut.map(({ object }) => called(object)))} any more, although a Service leads there: no policy lets anybody in`,
      lost: 'every connection to these pods',
      instead: 'allow those who connect in the same deployment',
    },
  ];
}

/** Policies add up: a new one that lets everybody in undoes the others. */
function openedByAddition(change: Change, { before }: Context): Risk[] {
  const manifest = manifestOf(change);
  const everybody = objectsAt(manifest, 'spec', 'ingress').some((rule) => {
    const from = objectsAt(rule, 'from');
    return from.length === 0 || from.some(isEverybody);
  });
  const types = at(manifest, 'spec', 'policyTypes');
  if (!everybody || (isList(types) && !types.includes('Ingress'))) return [];
  const guarded = before
    .selectedBy(manifest.metadata.namespace, at(manifest, 'spec', 'podSelector'))
    .filter((workload) => incoming(workload, before).length > 0);
  if (guarded.length === 0) return [];
  return [
    {
      rule: 'policy-opened',
      severity: 'high',
      why: `policies add up, and this one lets everybody in to ${listed(guarded.map(({ object }) => called(object)))}, which others guarded so far`,
      lost: 'the isolation of these pods',
      instead: 'name the namespaces and pods that may connect, and on which port',
    },
  ];
}

function isEverybody(peer: Json): boolean {
  if (/\/0$/.test(textAt(peer, 'ipBlock', 'cidr') ?? '')) return true;
  const empty = (value: Json | undefined): boolean =>
    isObject(value) && Object.keys(value).length === 0;
  const pods = at(peer, 'podSelector');
  return empty(at(peer, 'namespaceSelector')) && (pods === undefined || empty(pods));
}

/** OKD's list of where a namespace may go: the first entry that fits decides, and what fits none is allowed. */
function firewall(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = [change.before, change.after].map((side) =>
    objectsAt(side?.manifest, 'spec', 'egress').map((rule) => JSON.stringify(rule)),
  );
  const isDeny = (rule: string): boolean => rule.includes('"Deny"');
  const lifted = (was ?? []).filter((rule) => isDeny(rule) && will?.includes(rule) !== true);
  const allowed = (will ?? []).filter((rule) => !isDeny(rule) && was?.includes(rule) !== true);
  const wide = allowed.some((rule) => /\/0"/.test(rule));
  const cut = (was ?? []).filter((rule) => !isDeny(rule) && will?.includes(rule) !== true);
  if (lifted.length === 0 && allowed.length === 0 && cut.length === 0) return [];
  const open = wide || lifted.length > 0;
  return [
    {
      rule: open ? 'egress-opened' : 'egress-changed',
      severity: open ? 'high' : 'medium',
      why: open
        ? 'pods of the namespace may connect to the outside where they were refused'
        : `${allowed.length} destinations are added and ${cut.length} taken away`,
      lost: open
        ? 'what kept data and intruders inside'
        : cut.length > 0
          ? 'connections to what is taken away'
          : 'nothing',
      instead: 'name the destinations, and keep the last entry that denies the rest',
    },
  ];
}
