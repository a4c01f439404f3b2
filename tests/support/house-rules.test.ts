import { houseRuleProblems, type Judged } from './house-rules';

const labels = {
  'app.kubernetes.io/name': 'a',
  'app.kubernetes.io/instance': 'a',
  'app.kubernetes.io/component': 'a',
  'app.kubernetes.io/part-of': 'a',
};

test('finds every departure of a careless object', () => {
  const careless: Judged = {
    kind: 'Deployment',
    metadata: { name: 'bad' },
    spec: {
      template: {
        spec: {
          hostNetwork: true,
          containers: [{ name: 'c', image: 'registry.example.org/c:latest' }],
          volumes: [{ name: 'host', hostPath: { path: '/' } }],
        },
      },
    },
  };
  expect(houseRuleProblems(careless, [])).toHaveLength(15);
});

test('lets an exception stand, for the container it names only', () => {
  const bare: Judged = {
    kind: 'Role',
    metadata: { name: 'r', labels },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
  };
  expect(houseRuleProblems(bare, [])).toEqual(['Role r: a rule over Secrets']);
  expect(houseRuleProblems(bare, [{ rule: 'secret-access', reason: 'needed' }])).toEqual([]);
  expect(
    houseRuleProblems(bare, [{ rule: 'secret-access', container: 'c', reason: 'needed' }]),
  ).toHaveLength(1);
});
