import { isList, textAt } from '../../../plan/json';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';

const EVERYBODY = /^system:(authenticated|unauthenticated|serviceaccounts)$/;
const LISTS = [
  'allowedCapabilities',
  'defaultAddCapabilities',
  'volumes',
  'allowedFlexVolumes',
  'allowedUnsafeSysctls',
  'users',
  'groups',
  'seccompProfiles',
] as const;
const OPENINGS = [
  'allowPrivilegedContainer',
  'allowHostDirVolumePlugin',
  'allowHostNetwork',
  'allowHostPID',
  'allowHostIPC',
  'allowHostPorts',
  'allowPrivilegeEscalation',
  'defaultAllowPrivilegeEscalation',
] as const;

/** Security context constraints: whom they let closer to the node, and whom they no longer admit. */
export const constraints: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'SecurityContextConstraints') return [];
  if (goes(change)) {
    return [
      {
        rule: 'scc-deleted',
        severity: 'high',
        why: `pods that only '${manifestOf(change).metadata.name}' admits are refused at their next start`,
        lost: 'these pods, one restart after the other',
        instead: "give their ServiceAccounts another one first; 'beamline check' lists who uses it",
      },
    ];
  }
  const opened: string[] = OPENINGS.filter((field) => {
    const [was, will] = beforeAndAfter(change, field);
    return will === true && was !== true;
  });
  for (const field of ['runAsUser', 'seLinuxContext', 'fsGroup', 'supplementalGroups']) {
    const [was, will] = beforeAndAfter(change, field, 'type');
    if (will === 'RunAsAny' && was !== 'RunAsAny') opened.push(`${field} RunAsAny`);
  }
  for (const field of ['runAsUser', 'fsGroup', 'supplementalGroups']) {
    const [was, will] = beforeAndAfter(change, field);
    const reach = [was, will].map((side) => JSON.stringify(side ?? null));
    const ranged = textAt(was, 'type') === textAt(will, 'type');
    if (change.operation === 'update' && ranged && reach[0] !== reach[1])
      opened.push(`other IDs (${field})`);
  }
  for (const field of ['requiredDropCapabilities', 'forbiddenSysctls']) {
    const [was, will] = beforeAndAfter(change, field);
    const kept = isList(will) ? will : [];
    const lifted = (isList(was) ? was : []).filter((value) => !kept.includes(value));
    if (lifted.length > 0) opened.push(`what ${field} held: ${lifted.map(String).join(', ')}`);
  }
  for (const field of LISTS) {
    const [was, will] = beforeAndAfter(change, field);
    const known = isList(was) ? was : [];
    const added = (isList(will) ? will : [])
      .map(spelled)
      .filter((value) => !known.map(spelled).includes(value));
    if (added.length > 0) opened.push(`${field} ${added.join(', ')}`);
  }
  const everybody = opened.some((text) => text.split(/[ ,]+/).some((word) => EVERYBODY.test(word)));
  const risks: Risk[] = [];
  if (opened.length > 0) {
    risks.push({
      rule: 'scc-opened',
      severity: everybody ? 'critical' : change.operation === 'create' ? 'medium' : 'high',
      why: `the SCC now allows ${listed(opened)}${everybody ? ', to everybody who can make a pod' : ''}`,
      lost: 'the limits of every pod that it admits',
      instead: 'make another SCC for the one ServiceAccount that needs it',
    });
  }
  const [priority, raised] = beforeAndAfter(change, 'priority');
  if (priority !== raised && change.operation === 'update') {
    risks.push({
      rule: 'scc-priority',
      severity: 'high',
      why: 'the priority decides which SCC a pod gets where several admit it: pods that did not ask for it change their UID and SELinux label',
      lost: 'access to files written under the former UID',
      instead:
        "leave the priority alone; pods name their SCC with the annotation 'openshift.io/required-scc'",
    });
  }
  return [...risks, ...shutOut(change, context)];
};

/** Programs of the plan that could use it and no longer may. */
function shutOut(change: Change, { after }: Context): Risk[] {
  if (change.operation !== 'update') return [];
  const lost = (field: string): string[] => {
    const [was, will] = beforeAndAfter(change, field);
    const kept = isList(will) ? will : [];
    return (isList(was) ? was : []).filter((value) => !kept.includes(value)).map(String);
  };
  const accounts = lost('users').flatMap((user) => {
    const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
    return namespace === undefined || name === undefined
      ? []
      : after.podsUsing(objectId(namespace, '', 'ServiceAccount', name));
  });
  const groups = lost('groups').flatMap((group) => {
    const [, namespace] = /^system:serviceaccounts(?::(.+))?$/.exec(group) ?? [];
    const everybody = group === 'system:serviceaccounts' || group === 'system:authenticated';
    return after.workloads.filter((pods) => everybody || pods.namespace === namespace);
  });
  const programs = [...new Set([...accounts, ...groups].map(({ object }) => called(object)))];
  const left = lost('users').length + lost('groups').length;
  if (left === 0) return [];
  return [
    {
      rule: 'scc-withdrawn',
      severity: programs.length > 0 ? 'high' : 'low',
      why: `${listed([...lost('users'), ...lost('groups')])} may no longer use it: ${programs.length > 0 ? `${listed(programs)} is refused at its next start, unless another SCC admits it` : 'the plan runs nothing under it'}`,
      lost: programs.length > 0 ? 'these pods, one restart after the other' : 'nothing',
      instead:
        programs.length > 0
          ? "give them another one first; 'beamline check' says which would do"
          : 'nothing',
    },
  ];
}
