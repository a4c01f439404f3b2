import { z } from 'zod';

import { Target } from '../../constructs/targets';
import { podSchema } from './pod';
import { sccSchema } from './scc/given';

const texts = z.record(z.string(), z.string());
const sccNames = z.array(z.string()).describe("names of SCCs; '*' stands for every one");

const target = z
  .string()
  .describe(
    "what the cluster is: 'okd 3.11', 'okd 4.6' to 'okd 4.21', 'kubernetes 1.18' to 'kubernetes 1.36'",
  );

/** One what-if question to `beamline admit`, as a line of JSON. */
export const questionSchema = z.strictObject({
  id: z.union([z.string(), z.number()]).optional().describe('given back with the answer'),
  target: target.default('okd 4.21'),
  kind: z
    .enum(['scc', 'psa'])
    .optional()
    .describe(
      'who is asked: SecurityContextConstraints (scc; the default on OKD) or Pod Security (psa; the default on Kubernetes)',
    ),
  pod: podSchema.describe('the pod as it is sent'),
  operation: z
    .enum(['create', 'update', 'connect', 'delete'])
    .default('create')
    .describe(
      "what is done to the pod; 'connect' with the subresource 'exec' or 'attach' asks whether the user may go into a pod that runs",
    ),
  oldPod: podSchema.optional().describe('for an update: the pod as it is stored'),
  subresource: z
    .string()
    .default('')
    .describe("the subresource, such as 'ephemeralcontainers', 'status' or 'exec'"),
  user: z
    .string()
    .optional()
    .describe(
      "who creates the pod; for a Deployment's pod that is 'system:serviceaccount:kube-system:replicaset-controller'. Default: whoever is only system:authenticated",
    ),
  groups: z
    .array(z.string())
    .default([])
    .describe(
      'groups of the user; system:authenticated is added unless the user is system:anonymous',
    ),
  serviceAccount: z
    .string()
    .optional()
    .describe("the pod's account. Default: what the pod names, else 'default'; '' for none"),
  namespace: z
    .strictObject({
      name: z.string().optional(),
      annotations: texts.default({}),
      labels: texts.default({}),
    })
    .prefault({})
    .describe(
      "where the pod is to run; its default name is the pod's. On OKD the annotations openshift.io/sa.scc.uid-range, .mcs and .supplemental-groups",
    ),
  sccs: z
    .array(sccSchema)
    .optional()
    .describe(
      'SCCs of the site. With a target they stand beside the ones it installs, and replace those of the same name',
    ),
  onlyGiven: z
    .boolean()
    .optional()
    .describe(
      "leaves out the target's own SCCs and bindings. Default: true when 'sccs' is given without 'target'",
    ),
  upgraded: z
    .boolean()
    .default(false)
    .describe('the cluster began before OKD 4.11: everybody may still use restricted'),
  may: z
    .strictObject({ user: sccNames.default([]), serviceAccount: sccNames.default([]) })
    .prefault({})
    .describe(
      'which SCCs each subject may use by RBAC, beside those whose own users and groups name it',
    ),
  rbac: z
    .array(
      z.looseObject({
        apiVersion: z.string(),
        kind: z.string(),
        metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
      }),
    )
    .default([])
    .describe('Roles, ClusterRoles and bindings to look into instead of, or beside, may'),
});

/** A question, checked. */
export type Question = z.infer<typeof questionSchema>;

/** Reads a question. Throws an Error with every problem, each with its field. */
export function parseQuestion(value: unknown): {
  readonly question: Question;
  readonly target: Target;
  readonly onlyGiven: boolean;
} {
  const found = questionSchema.safeParse(value);
  if (!found.success) {
    throw new Error(
      found.error.issues
        .map(
          ({ path, message }) =>
            `${path.length === 0 ? 'the question' : `'${path.join('.')}'`}: ${message}`,
        )
        .join('; '),
    );
  }
  const question = found.data;
  if (question.operation === 'update' && question.oldPod === undefined) {
    throw new Error("'oldPod': an update needs the pod as it is stored");
  }
  const namesTarget = typeof value === 'object' && value !== null && 'target' in value;
  const onlyGiven = question.onlyGiven ?? (question.sccs !== undefined && !namesTarget);
  return { question, target: Target.parse(question.target), onlyGiven };
}
