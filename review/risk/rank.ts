import type { Change, ChangeSet } from '../change';
import { contextOf, type Context } from './context';
import { atLeast, SEVERITIES, worst, type Risk, type Rule, type Severity } from './risk';
import { addresses } from './rules/addresses';
import { claims } from './rules/claims';
import { classes } from './rules/classes';
import { cluster } from './rules/cluster';
import { configuration } from './rules/configuration';
import { constraints } from './rules/constraints';
import { customResources } from './rules/custom-resources';
import { definitions } from './rules/definitions';
import { directory } from './rules/directory';
import { disks } from './rules/disks';
import { exposure } from './rules/exposure';
import { front } from './rules/front';
import { gatewayRoutes } from './rules/gateway-routes';
import { grants } from './rules/grants';
import { guards } from './rules/guards';
import { harbor } from './rules/harbor';
import { images } from './rules/images';
import { knownFiles } from './rules/known-files';
import { labels } from './rules/labels';
import { limits } from './rules/limits';
import { namespaces } from './rules/namespaces';
import { nodes } from './rules/nodes';
import { openWords } from './rules/open-words';
import { placing } from './rules/placing';
import { podDoors } from './rules/pod-doors';
import { podSettings } from './rules/pod-settings';
import { podValidity } from './rules/pod-validity';
import { pods } from './rules/pods';
import { policies } from './rules/policies';
import { policyReach } from './rules/policy-reach';
import { accounts, privileges } from './rules/privileges';
import { protection } from './rules/protection';
import { rbac } from './rules/rbac';
import { reach } from './rules/reach';
import { refused } from './rules/refused';
import { routeTargets } from './rules/route-targets';
import { scaling } from './rules/scaling';
import { schedules } from './rules/schedules';
import { services } from './rules/services';
import { sharesOfAll } from './rules/shares-of-all';
import { workloads } from './rules/workloads';

/** Every rule. Each looks at every change and answers nothing where it is not its business. */
const RULES: readonly Rule[] = [
  protection,
  namespaces,
  claims,
  classes,
  definitions,
  customResources,
  harbor,
  workloads,
  schedules,
  pods,
  podSettings,
  podDoors,
  podValidity,
  refused,
  disks,
  placing,
  scaling,
  images,
  labels,
  privileges,
  constraints,
  accounts,
  grants,
  rbac,
  services,
  addresses,
  exposure,
  routeTargets,
  front,
  gatewayRoutes,
  policies,
  policyReach,
  reach,
  configuration,
  knownFiles,
  openWords,
  directory,
  limits,
  cluster,
  nodes,
  sharesOfAll,
  guards,
];

/** A change with everything that it can do. */
export interface RankedChange extends Change {
  readonly severity: Severity;
  /** The worst first; never empty. */
  readonly risks: readonly Risk[];
}

/** Ranks a change set: the worst first, and among equals by id, so that the order is the same every time. */
export function ranked(set: ChangeSet): RankedChange[] {
  const context = contextOf(set);
  return set.changes
    .map((change) => rank(change, context))
    .sort((a, b) => (bySeverity(a, b) === 0 ? (a.id < b.id ? -1 : 1) : bySeverity(a, b)));
}

function bySeverity(
  a: { readonly severity: Severity },
  b: { readonly severity: Severity },
): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function rank(change: Change, context: Context): RankedChange {
  const found = RULES.flatMap((rule) => rule(change, context));
  // That nothing happens is worth a word only where nothing does.
  const telling = found.filter(({ severity }) => severity !== 'low');
  const said = telling.length > 0 ? telling : found;
  const risks = (said.length === 0 ? [ordinary(change)] : said).toSorted(bySeverity);
  return { ...change, severity: worst(risks), risks };
}

/** What is said of a change that no rule knows anything about. A deletion or a replacement is never taken for nothing. */
function ordinary({ operation, fields }: Change): Risk {
  const risk = (severity: Severity, why: string, lost: string): Risk => ({
    rule: `ordinary-${operation}`,
    severity,
    why,
    lost,
    instead: severity === 'low' ? 'nothing' : 'make sure that nobody needs it',
  });
  switch (operation) {
    case 'create':
      return risk('low', 'a new object that nothing depends on yet', 'nothing');
    case 'update': {
      const labels = fields.every(({ path }) => path[0] === 'metadata');
      return risk(
        'low',
        labels ? 'only labels or annotations change' : 'it is changed in place',
        'nothing',
      );
    }
    case 'replace':
      return risk('medium', 'it is deleted and made anew', 'what refers to it, for a moment');
    case 'delete':
      return risk(
        'medium',
        'it is deleted; no rule knows what that means for this kind',
        'the object',
      );
    case 'retain':
      return risk('low', 'it stays in the cluster', 'nothing');
  }
}

/** How many changes there are of each severity. */
export function countBySeverity(changes: readonly RankedChange[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { severity } of changes) counts[severity] += 1;
  return counts;
}

/** The changes that are as bad as a severity or worse. */
export function asBadAs(changes: readonly RankedChange[], severity: Severity): RankedChange[] {
  return changes.filter((change) => atLeast(change.severity, severity));
}
