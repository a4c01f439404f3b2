import { at, isList, objectsAt, textAt } from '../../../plan/json';
import type { JsonObject } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import { beforeAndAfter, called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload } from '../world';
import { containersOf, podsOf } from './pods';

const DANGEROUS = /^(ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|SYS_RAWIO|DAC_READ_SEARCH|NET_ADMIN|BPF)$/;

/** Pods and security context constraints that come closer to the node. */
export const privileges: Rule = (change, context) => {
  if (manifestOf(change).kind === 'SecurityContextConstraints') return constraints(change);
  if (change.operation !== 'update' && change.operation !== 'create') return [];
  const [was, will] = podsOf(change, context);
  return will === undefined ? [] : podPrivileges(change, was, will);
};

function podPrivileges(change: Change, was: Workload | undefined, will: Workload): Risk[] {
  const before = was === undefined ? new Set<string>() : privilegesOf(was.pod);
  const gained = [...privilegesOf(will.pod)].filter((privilege) => !before.has(privilege));
  const node = gained.filter((privilege) => !privilege.startsWith('('));
  const soft = gained.filter((privilege) => privilege.startsWith('('));
  const risks: Risk[] = [];
  if (node.length > 0) {
    risks.push({
      rule: 'privileges-gained',
      // A new object says itself what it needs, and its admission is judged by check.
      severity: change.operation === 'create' ? 'medium' : 'high',
      why: `the pods get ${node.join(', ')}: whoever takes over one of them may take over its node`,
      lost: 'the wall between the pods and the node',
      instead: 'give only the one container what it needs, in a namespace of its own',
    });
  }
  if (soft.length > 0 && was !== undefined) {
    risks.push({
      rule: 'hardening-dropped',
      severity: 'medium',
      why: `the pods get ${soft.map((text) => text.slice(1, -1)).join(', ')}`,
      lost: 'one of the layers that limit what an intruder can do',
      instead: 'keep it, and give the program an emptyDir where it writes',
    });
  }
  return risks;
}

/** What a pod may do beyond the restricted profile; in parentheses what only weakens it. */
function privilegesOf(pod: JsonObject): Set<string> {
  const found = new Set<string>();
  for (const host of ['hostNetwork', 'hostPID', 'hostIPC']) if (pod[host] === true) found.add(host);
  for (const volume of objectsAt(pod, 'volumes')) {
    const path = textAt(volume, 'hostPath', 'path');
    if (path !== undefined) found.add(`the node's ${path}`);
  }
  if (at(pod, 'securityContext', 'runAsUser') === 0) found.add('UID 0');
  if (at(pod, 'securityContext', 'runAsNonRoot') !== true)
    found.add('(root if the image wants it)');
  if (textAt(pod, 'securityContext', 'seccompProfile', 'type') === 'Unconfined')
    found.add('no seccomp profile');
  for (const container of containersOf(pod).values()) {
    const security = container['securityContext'];
    if (at(security, 'privileged') === true) found.add('privileged containers');
    if (at(security, 'allowPrivilegeEscalation') === true) found.add('privilege escalation');
    if (at(security, 'runAsUser') === 0) found.add('UID 0');
    if (textAt(security, 'seccompProfile', 'type') === 'Unconfined')
      found.add('no seccomp profile');
    if (at(security, 'readOnlyRootFilesystem') !== true) found.add('(a writable root file system)');
    const added = at(security, 'capabilities', 'add');
    for (const capability of isList(added) ? added : []) {
      const name = spelled(capability).replace(/^CAP_/, '');
      found.add(DANGEROUS.test(name) ? `capability ${name}` : `(capability ${name})`);
    }
    for (const port of objectsAt(container, 'ports'))
      if (port['hostPort'] !== undefined)
        found.add(`(port ${spelled(port['hostPort'])} of the node)`);
  }
  return found;
}

const EVERYBODY = /^system:(authenticated|unauthenticated|serviceaccounts)$/;
const OPENINGS = [
  'allowPrivilegedContainer',
  'allowHostDirVolumePlugin',
  'allowHostNetwork',
  'allowHostPID',
  'allowHostIPC',
  'allowHostPorts',
  'allowPrivilegeEscalation',
] as const;

function constraints(change: Change): Risk[] {
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
  for (const field of ['allowedCapabilities', 'volumes', 'users', 'groups', 'seccompProfiles']) {
    const [was, will] = beforeAndAfter(change, field);
    const known = isList(was) ? was : [];
    const added = (isList(will) ? will : []).filter((value) => !known.includes(value));
    if (added.length > 0) opened.push(`${field} ${added.map(String).join(', ')}`);
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
  return risks;
}

/** ServiceAccounts that pods still name. */
export const accounts: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'ServiceAccount') return [];
  if (!goes(change)) return tokens(change);
  const users = context.after.podsUsing(change.id).map(({ object }) => called(object));
  return [
    {
      rule: 'account-deleted',
      severity: users.length > 0 ? 'high' : 'low',
      why: `every token of the ServiceAccount is void at once; pods that use it: ${listed(users)}`,
      lost:
        users.length > 0
          ? 'their access, and new pods are not created'
          : 'nothing that the plan knows of',
      instead: users.length > 0 ? 'give the pods another account first' : 'nothing',
    },
  ];
};

function tokens(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'automountServiceAccountToken');
  if (change.operation !== 'update' || was !== false || will === false) return [];
  return [
    {
      rule: 'token-mounted',
      severity: 'medium',
      why: 'every pod of the account gets a token to the API',
      lost: 'nothing but what the token may do',
      instead: 'set it in the pods that use the API',
    },
  ];
}
