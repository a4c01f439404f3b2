import { PolicyPack, type ResourceValidationPolicy } from '@pulumi/policy';

import type { ObjectId } from '../plan/model';
import { stackIn, stackUrn } from './identity';

/** The policies of the pack. The first two stop a deployment, the others are to be read. */
export type PolicyName = 'errors' | 'data-loss' | 'warnings' | 'risks';

/** Something that a policy says of an environment. */
export interface Violation {
  readonly policy: PolicyName;
  /** The object it is about; undefined when it is about the environment as a whole. */
  readonly object: ObjectId | undefined;
  /** What is wrong, why, and what to do, with no secret in clear. */
  readonly text: string;
}

/** What is said of a whole environment before anything is done to it. */
export interface Judgement {
  /** Objects that the engine will ask about. What is said of any other is said at the stack. */
  readonly planned: ReadonlySet<ObjectId>;
  readonly violations: readonly Violation[];
}

interface Described {
  readonly description: string;
  readonly stops: boolean;
}

const POLICIES: Readonly<Record<PolicyName, Described>> = {
  errors: {
    description: "What 'beamline check' calls an error, and what the API server would refuse.",
    stops: true,
  },
  'data-loss': {
    description: 'Changes that lose data, unless this very preview was approved.',
    stops: true,
  },
  warnings: { description: "What 'beamline check' warns of.", stops: false },
  risks: { description: 'Changes that somebody will notice.', stops: false },
};

/**
 * Serves the policies to the engine. The environment is judged once, as a whole and before the first step, since the engine asks about one
 * object after another and never about one that goes. It asks about the stack first, so that nothing is done where anything stops it.
 */
export function servePolicies(judge: (environment: string) => Promise<Judgement>): void {
  let judging: Promise<Judgement> | undefined;
  const judgementAt = (urn: string): Promise<Judgement> =>
    (judging ??= judge(stackIn(urn)).catch(unjudged));
  const names: readonly PolicyName[] = ['errors', 'data-loss', 'warnings', 'risks'];
  new PolicyPack('beamline', { policies: names.map((name) => policy(name, judgementAt)) });
}

/** What cannot be judged is not deployed: a secret is missing, the cluster is another one. */
function unjudged(error: unknown): Judgement {
  const why = error instanceof Error ? error.message : String(error);
  const text = `the environment cannot be judged: ${why}`;
  return { planned: new Set(), violations: [{ policy: 'errors', object: undefined, text }] };
}

function policy(
  name: PolicyName,
  judgementAt: (urn: string) => Promise<Judgement>,
): ResourceValidationPolicy {
  const { description, stops } = POLICIES[name];
  return {
    name,
    description,
    enforcementLevel: stops ? 'mandatory' : 'advisory',
    validateResource: async ({ urn, name: object }, report) => {
      const { planned, violations } = await judgementAt(urn);
      const mine = violations.filter((one) => one.policy === name);
      const isStack = urn === stackUrn(stackIn(urn));
      const elsewhere = (one: Violation): boolean =>
        one.object !== undefined && planned.has(one.object);
      for (const one of mine) {
        if (isStack ? !elsewhere(one) : one.object === object) report(one.text);
      }
      const later = mine.filter(elsewhere);
      if (isStack && stops && later.length > 0) report(stopped(later));
    },
  };
}

/** Few enough to read at the stack; each is told of at its object. */
const MOST_NAMED = 10;

function stopped(violations: readonly Violation[]): string {
  const ids = [...new Set(violations.map(({ object }) => object ?? ''))];
  const named = ids.slice(0, MOST_NAMED).join(', ');
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  return `nothing is deployed, because of ${named}${more}; 'pulumi preview' says why, at each`;
}
