import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import { z } from 'zod';

import { ask } from '../../../../review/admission/ask';
import { podSchema, type Pod } from '../../../../review/admission/pod';
import { describeWith } from '../../../parts/need';
import { namespaces, pods, rights, sccSets } from '../support/arbitraries';

const answerSchema = z.object({
  allowed: z.boolean(),
  scc: z.string().optional(),
  subject: z.string().optional(),
  pod: podSchema.optional(),
  error: z.string().optional(),
});

const drawn = fc.record({
  pod: pods,
  sccs: sccSets(21),
  may: rights,
  annotations: namespaces,
  then: fc.constantFrom('nothing', 'nothing', 'image', 'network', 'debug'),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

const USER = 'ada';
const GROUPS = ['system:authenticated'];

/** The question as ours: the pod is created or, where that works, created and then changed. */
function ours({ pod, sccs, may, annotations, then }: Drawn): Record<string, unknown> {
  const base = {
    ...{ target: 'okd 4.21', onlyGiven: true, user: USER, groups: GROUPS, sccs, may },
    namespace: { name: 'ns', annotations },
  };
  const first = then === 'nothing' ? undefined : ask({ ...base, pod }).pod;
  if (first === undefined || first === null) return { ...base, pod };
  const subresource = then === 'debug' ? 'ephemeralcontainers' : '';
  return { ...base, operation: 'update', subresource, pod: changed(first, then), oldPod: first };
}

function changed(stored: Pod, then: Drawn['then']): Pod {
  const pod = structuredClone(stored);
  const [container] = pod.spec.containers;
  if (container === undefined) return pod;
  if (then === 'image') container.image = 'example.org/image:2';
  if (then === 'network') {
    pod.metadata.annotations = { ...pod.metadata.annotations, 'k8s.ovn.org/pod-networks': 'n' };
  }
  if (then === 'debug') {
    pod.spec.ephemeralContainers = [{ ...structuredClone(container), name: 'debug', ports: [] }];
  }
  return pod;
}

/** The same question as the plugin's program reads it. */
function theirs(question: Record<string, unknown>, { may, annotations }: Drawn): string {
  return JSON.stringify({
    ...question,
    namespace: { metadata: { name: 'ns', annotations } },
    may: {
      [USER]: may.user,
      'system:serviceaccount:ns:default': may.serviceAccount,
      'system:serviceaccount:ns:own': may.serviceAccount,
    },
  });
}

/** What admission decides about a pod. */
function decided(pod: Pod | null | undefined): unknown {
  if (pod === null || pod === undefined) return null;
  const { spec, metadata } = pod;
  const lists = [spec.initContainers, spec.containers, spec.ephemeralContainers];
  return {
    annotations: metadata.annotations ?? {},
    pod: spec.securityContext,
    containers: lists.flatMap((list) => (list ?? []).map((one) => one.securityContext ?? null)),
  };
}

describeWith(
  ['scc-admission'],
  "OpenShift's own plugin (apiserver-library-go a8019f39f)",
  (pathOf) => {
    test('decides pods drawn at random as we do', () => {
      const cases = fc.sample(drawn, { numRuns: 1500 });
      const questions = cases.map(ours);
      const input = cases.map((one, at) => theirs(questions[at] ?? {}, one)).join('\n');
      const output = execFileSync(pathOf('scc-admission'), { input, maxBuffer: 2 ** 30 });
      const answers = output
        .toString()
        .trim()
        .split('\n')
        .map((line) => answerSchema.parse(JSON.parse(line)));
      expect(answers).toHaveLength(cases.length);
      let admitted = 0;
      answers.forEach((answer, at) => {
        const question = questions[at];
        const mine = ask(question);
        const told = JSON.stringify({ question, answer: answer.error });
        expect({ told, admitted: mine.admitted }).toEqual({ told, admitted: answer.allowed });
        if (!answer.allowed) return;
        admitted += 1;
        expect({ told, ...{ pod: decided(mine.pod) } }).toEqual({ told, pod: decided(answer.pod) });
      });
      // Draws of which nearly all end alike would prove nothing.
      expect(admitted).toBeGreaterThan(cases.length / 5);
      expect(admitted).toBeLessThan((cases.length * 19) / 20);
    }, 300_000);
  },
);
