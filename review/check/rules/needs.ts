import { isList, objectsAt, textAt } from '../../../plan/json';
import { objectsOf, type JsonObject, type Plan } from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../finding';
import type { Workload } from '../pods';

/** A right that a program cannot work without. */
interface Need {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

interface Program {
  readonly image: RegExp;
  /** Whether an argument of this container makes it need the rights. */
  readonly when: RegExp;
  readonly needs: readonly Need[];
  /** Whether the rights of one namespace are enough. */
  readonly inNamespace: boolean;
}

const ALWAYS = /^/;
const watched = (group: string, ...resources: readonly string[]): Need[] =>
  resources.map((resource) => ({ group, resource, verbs: ['list', 'watch'] }));

/** What every provisioner of volumes does, however it makes them: the library of `kubernetes-sigs/sig-storage-lib-external-provisioner`. */
const PROVISIONER: readonly Need[] = [
  { group: '', resource: 'persistentvolumes', verbs: ['list', 'watch', 'create', 'delete'] },
  ...watched('', 'persistentvolumeclaims'),
  ...watched('storage.k8s.io', 'storageclasses'),
];

/** Programs and the least that they need, as their publishers' own manifests give it to them. */
const PROGRAMS: readonly Program[] = [
  {
    image: /\/nfs-subdir-external-provisioner[:@]/,
    when: ALWAYS,
    needs: PROVISIONER,
    inNamespace: false,
  },
  {
    image: /\/csi-provisioner[:@]/,
    when: ALWAYS,
    needs: PROVISIONER,
    inNamespace: false,
  },
  {
    image: /\/traefik[:@]/,
    when: /^--providers\.kubernetesingress(=true|\.|$)/i,
    needs: [...watched('', 'services'), ...watched('networking.k8s.io', 'ingresses')],
    inNamespace: true,
  },
  {
    image: /\/traefik[:@]/,
    when: /^--providers\.kubernetescrd(=true|\.|$)/i,
    needs: [...watched('', 'services'), ...watched('traefik.io', 'ingressroutes')],
    inNamespace: true,
  },
  {
    image: ALWAYS,
    when: /^--?leader-elect(ion)?(=true)?$/,
    needs: [
      { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'create', 'update'] },
    ],
    inNamespace: true,
  },
];

/** Rights that the program of a pod needs and its ServiceAccount lacks. */
export function needs(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const bindings = bindingsOf(plan);
  return workloads.flatMap(({ object, namespace, spec, containers }) => {
    const account = textAt(spec, 'serviceAccountName') ?? 'default';
    const held = bindings.filter(({ accounts }) => accounts.has(`${namespace}/${account}`));
    // Rights that are given elsewhere: nothing of the plan binds this account at all.
    if (held.length === 0) return [];
    const missing = containers.flatMap((container) =>
      PROGRAMS.filter((program) => runs(container, program)).flatMap((program) =>
        program.needs.flatMap((need) => lacking(need, program, held)),
      ),
    );
    if (missing.length === 0) return [];
    return [
      findingAbout(object, {
        rule: 'rbac/missing-right',
        severity: 'error',
        reason: `its program needs ${[...new Set(missing)].join('; ')}, which no binding of the plan gives to ServiceAccount '${account}'`,
        fix: 'Add the rule to a Role that is bound to it.',
      }),
    ];
  });
}

function runs(container: JsonObject, { image, when }: Program): boolean {
  const words = ['command', 'args'].flatMap((field) => {
    const list = container[field];
    return isList(list) ? list.filter((word) => typeof word === 'string') : [];
  });
  return (
    image.test(`/${textAt(container, 'image') ?? ''}`) &&
    (when === ALWAYS || words.some((word) => when.test(word)))
  );
}

function lacking(
  { group, resource, verbs }: Need,
  { inNamespace }: Program,
  held: readonly Binding[],
): string[] {
  const allowed = (verb: string): boolean =>
    held.some(
      ({ everywhere, rules }) =>
        (everywhere || inNamespace) &&
        rules.some(
          (rule) =>
            has(rule, 'apiGroups', group) &&
            has(rule, 'resources', resource) &&
            has(rule, 'verbs', verb),
        ),
    );
  const left = verbs.filter((verb) => !allowed(verb));
  return left.length === 0
    ? []
    : [`${left.join(', ')} of ${resource}${group === '' ? '' : `.${group}`}`];
}

function has(rule: JsonObject, field: string, wanted: string): boolean {
  const list = rule[field];
  return isList(list) && (list.includes(wanted) || list.includes('*'));
}

interface Binding {
  /** `namespace/name` of the ServiceAccounts it gives rights to. */
  readonly accounts: ReadonlySet<string>;
  readonly everywhere: boolean;
  readonly rules: readonly JsonObject[];
}

function bindingsOf(plan: Plan): Binding[] {
  const objects = objectsOf(plan).map(({ manifest }) => manifest);
  return objects.flatMap((manifest) => {
    if (manifest.kind !== 'RoleBinding' && manifest.kind !== 'ClusterRoleBinding') return [];
    const kind = textAt(manifest, 'roleRef', 'kind');
    const role = objects.find(
      (one) =>
        one.kind === kind &&
        one.metadata.name === textAt(manifest, 'roleRef', 'name') &&
        (kind === 'ClusterRole' || one.metadata.namespace === manifest.metadata.namespace),
    );
    const accounts = objectsAt(manifest, 'subjects')
      .filter((subject) => subject['kind'] === 'ServiceAccount')
      .map(
        (subject) =>
          `${textAt(subject, 'namespace') ?? manifest.metadata.namespace ?? ''}/${textAt(subject, 'name') ?? ''}`,
      );
    // A role that the cluster brings (`edit`, `system:auth-delegator`) may give anything: nothing is said of its holders.
    const rules =
      role === undefined
        ? [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
        : objectsAt(role, 'rules');
    const everywhere = manifest.kind === 'ClusterRoleBinding' || role === undefined;
    return [{ accounts: new Set(accounts), everywhere, rules }];
  });
}
