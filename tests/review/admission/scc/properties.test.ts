import fc from 'fast-check';

import { ask } from '../../../../review/admission/ask';
import { namespaces, pods, rights, sccSets } from '../support/arbitraries';

const questions = fc.record({
  pod: pods,
  sccs: sccSets(21),
  may: rights,
  annotations: namespaces,
});
type Drawn = typeof questions extends fc.Arbitrary<infer T> ? T : never;
const asked = ({ annotations, ...rest }: Drawn): Record<string, unknown> => ({
  ...{ target: 'okd 4.21', onlyGiven: true, user: 'ada' },
  ...rest,
  namespace: { name: 'ns', annotations },
});

test('a pod that was admitted is taken as it is, by the same SCC, when it is updated', () => {
  fc.assert(
    fc.property(questions, (drawn) => {
      const question = asked(drawn);
      const { admitted, scc, pod } = ask(question);
      fc.pre(admitted && scc !== null);
      if (pod === null) throw new Error('an admitted pod is given back');
      const changed = structuredClone(pod);
      changed.spec.containers = changed.spec.containers.map((one) => ({ ...one, image: 'new' }));
      const again = ask({ ...question, operation: 'update', pod: changed, oldPod: pod });
      expect(again.admitted).toBe(true);
      expect(again.pod?.spec).toEqual(changed.spec);
    }),
    { numRuns: 60 },
  );
});

test('the pod given stays as it is, and the same question gets the same answer', () => {
  fc.assert(
    fc.property(questions, (drawn) => {
      const question = asked(drawn);
      const before = JSON.stringify(question);
      const answer = JSON.stringify(ask(question));
      expect(JSON.stringify(question)).toBe(before);
      expect(JSON.stringify(ask(question))).toBe(answer);
    }),
    { numRuns: 40 },
  );
});

test('more rights never refuse a pod', () => {
  fc.assert(
    fc.property(questions, (drawn) => {
      const answer = ask(asked(drawn));
      fc.pre(answer.admitted);
      const all = { ...drawn, may: { user: ['*'], serviceAccount: ['*'] } };
      expect(ask(asked(all)).admitted).toBe(true);
    }),
    { numRuns: 40 },
  );
});
