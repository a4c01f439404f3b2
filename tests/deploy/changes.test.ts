import { hint } from '../../constructs/kit/hints';
import { secretToken } from '../../constructs/kit/secret-value';
import { changesOf, type Changes, type ObjectChange } from '../../deploy/changes';
import { registrationOf, STASH_TYPE, urnOf } from '../../deploy/identity';
import { withEngineAnnotations } from '../../deploy/engine-annotations';
import { countsOf, tried } from '../../deploy/preview';
import { secretsOfPlan, stashName } from '../../deploy/secrets';
import type { RecordedResource, RecordedState } from '../../deploy/state';
import { withSecrets } from '../../deploy/values';
import { isObject } from '../../plan/json';
import type { JsonObject, Plan } from '../../plan/model';
import type { PlanOptions } from '../../plan/plan-of';
import {
  deploymentSpec,
  object,
  planFrom,
  planOfChart,
  podSpec,
  type Fields,
} from '../support/plan';
import { withApiServer } from './support/api-server';
import { Chart } from 'cdk8s';

const valueOf = (): string => 'the value';

/** The state that deploying a plan leaves, each object with what the cluster made of it. */
function stateOf(
  plan: Plan,
  live: (id: string, manifest: JsonObject) => JsonObject = (_, manifest) => manifest,
): RecordedState {
  const stack = plan.environment;
  const urns = new Map(
    plan.steps.map((step) => {
      const { type, name } = registrationOf(step);
      return [step.id, urnOf(stack, type, name)];
    }),
  );
  const resources = plan.steps.map((step): RecordedResource => {
    const inputs = step.step === 'object' ? withSecrets(withEngineAnnotations(step), valueOf) : {};
    const common = {
      urn: urns.get(step.id) ?? '',
      type: registrationOf(step).type,
      id: step.id,
      inputs,
      outputs: { ...live(step.id, inputs), __inputs: inputs },
      dependencies: step.dependsOn.map((id) => urns.get(id) ?? ''),
    };
    if (step.step === 'barrier') return { ...common, protect: false, retainOnDelete: false };
    const { protect, retainOnDelete } = step.lifecycle;
    return { ...common, protect, retainOnDelete };
  });
  const stashes = secretsOfPlan(plan)
    .filter(({ from }) => from === 'generated')
    .flatMap((value): RecordedResource[] => {
      if (value.from !== 'generated') return [];
      const urn = urnOf(stack, STASH_TYPE, stashName(value));
      return [
        {
          urn,
          type: STASH_TYPE,
          id: urn,
          inputs: {},
          outputs: { output: 'the value' },
          dependencies: [],
          protect: false,
          retainOnDelete: false,
        },
      ];
    });
  return {
    resources: new Map([...resources, ...stashes].map((resource) => [resource.urn, resource])),
    pending: [],
  };
}

/** What changes from one plan to the next, without what stays the same. */
function between(before: Plan, after: Plan): Changes {
  const { objects, bookkeeping } = changesOf(after, stateOf(before), valueOf);
  return { objects: objects.filter(({ operation }) => operation !== 'same'), bookkeeping };
}

const one = (what: string, fields: Fields = {}, options: Partial<PlanOptions> = {}): Plan =>
  planOfChart((chart) => void object(chart, what, fields), options);
const brief = ({ objects }: Changes): [string, string, string[]][] =>
  objects.map(({ id, operation, fields }) => [
    operation,
    id,
    fields.map(({ path, kind }) => `${kind} ${path.join('.')}`),
  ]);

describe('what a deployment would do', () => {
  const settings = one('v1 ConfigMap it', { data: { level: 'info' } });

  test('nothing, where the plan is what was deployed', () => {
    expect(between(settings, settings)).toEqual({ objects: [], bookkeeping: false });
  });

  test('everything, where nothing was deployed', () => {
    const { objects, bookkeeping } = changesOf(
      settings,
      { resources: new Map(), pending: [] },
      valueOf,
    );
    expect(objects).toMatchObject([{ id: 'ns/configmap/it', operation: 'create', fields: [] }]);
    expect(bookkeeping).toBe(true);
  });

  test('an update, with the fields', () => {
    const after = one('v1 ConfigMap it', { data: { level: 'debug', more: '1' } });
    expect(between(settings, after)).toMatchObject({
      objects: [
        {
          id: 'ns/configmap/it',
          operation: 'update',
          fields: [
            { path: ['data', 'level'], kind: 'change', before: 'info', after: 'debug' },
            { path: ['data', 'more'], kind: 'add', after: '1' },
          ],
        },
      ],
      bookkeeping: false,
    });
  });

  test('a replacement, where a field can only change with the object', () => {
    const [before, after] = ['a', 'b'].map((provisioner) =>
      one('storage.k8s.io/v1 StorageClass x', { provisioner }),
    );
    if (before === undefined || after === undefined) throw new Error('two plans were made');
    expect(brief(between(before, after))).toEqual([
      ['replace', '_/storageclass.storage.k8s.io/x', ['change provisioner']],
    ]);
  });

  test('a deletion, or leaving it in the cluster where it holds data', () => {
    const empty = planFrom(() => undefined);
    expect(brief(between(settings, empty))).toEqual([['delete', 'ns/configmap/it', []]]);
    expect(brief(between(one('v1 PersistentVolumeClaim data'), empty))).toEqual([
      ['retain', 'ns/persistentvolumeclaim/data', []],
    ]);
    expect(
      brief(between(one('v1 PersistentVolumeClaim data', {}, { data: 'disposable' }), empty)),
    ).toEqual([['delete', 'ns/persistentvolumeclaim/data', []]]);
  });

  test('one replacement for a rename that moved tells of, a new object and a deletion for one that it does not', () => {
    const moved = [{ from: 'ns/configmap/it', to: 'ns/configmap/new' }];
    expect(
      brief(between(settings, one('v1 ConfigMap new', { data: { level: 'info' } }, { moved }))),
    ).toEqual([['replace', 'ns/configmap/new', ['change metadata.name']]]);
    expect(brief(between(settings, one('v1 ConfigMap new', { data: { level: 'info' } })))).toEqual([
      ['create', 'ns/configmap/new', []],
      ['delete', 'ns/configmap/it', []],
    ]);
  });

  test('a change of the API version alone, for a kind that a newer target serves anew', () => {
    const spec = { rules: [] };
    const before = one('networking.k8s.io/v1beta1 Ingress web', { spec });
    expect(brief(between(before, one('networking.k8s.io/v1 Ingress web', { spec })))).toEqual([
      ['update', 'ns/ingress.networking.k8s.io/web', ['change apiVersion']],
    ]);
  });

  test('nothing, where code moved', () => {
    const elsewhere = planFrom((app) => {
      object(new Chart(app, 'renamed', { namespace: 'ns' }), 'v1 ConfigMap it', {
        data: { level: 'info' },
      });
    });
    expect(between(settings, elsewhere)).toEqual({ objects: [], bookkeeping: false });
  });
});

describe('what does not count', () => {
  const web = (replicas: number, cpu: string, hints = {}): Plan =>
    planOfChart((chart) => {
      const container = { resources: { requests: { cpu } } };
      hint(
        object(chart, 'apps/v1 Deployment web', {
          spec: { replicas, ...deploymentSpec(podSpec({}, container)) },
        }),
        hints,
      );
    });

  test('what the cluster added', () => {
    const plan = web(1, '500m');
    const state = stateOf(plan, (_, manifest) => ({
      ...manifest,
      status: { replicas: 1 },
      spec: addTo(manifest['spec'], { progressDeadlineSeconds: 600 }),
    }));
    expect(changesOf(plan, state, valueOf).objects.map(({ operation }) => operation)).toEqual([
      'same',
    ]);
  });

  test('another spelling of the same amount', () => {
    expect(between(web(1, '0.5'), web(1, '500m')).objects).toEqual([]);
  });

  test('a field that is left to somebody else, whatever it is', () => {
    const hints = { ignoreChanges: ['spec.replicas'] };
    expect(between(web(1, '1', hints), web(5, '1', hints)).objects).toEqual([]);
    expect(brief(between(web(1, '1'), web(5, '1')))).toEqual([
      ['update', 'ns/deployment.apps/web', ['change spec.replicas']],
    ]);
  });

  test('the text of a Secret that the server keeps encoded', () => {
    const plan = one('v1 Secret it', { stringData: { a: 'b' } });
    const state = stateOf(plan, (_, { stringData: _text, ...rest }) => ({
      ...rest,
      data: { a: 'Yg==' },
    }));
    expect(changesOf(plan, state, valueOf).objects.map(({ operation }) => operation)).toEqual([
      'same',
    ]);
  });
});

function addTo(value: JsonObject[string], fields: JsonObject): JsonObject {
  return { ...(isObject(value) ? value : {}), ...fields };
}

describe('what shows although we did not change it', () => {
  test('a value of ours that somebody else has changed', () => {
    const plan = one('v1 ConfigMap it', { data: { level: 'info' } });
    const state = stateOf(plan, (_, manifest) => ({
      ...manifest,
      data: { level: 'debug', theirs: 'x' },
    }));
    expect(brief(changesOf(plan, state, valueOf))).toEqual([
      ['update', 'ns/configmap/it', ['change data.level']],
    ]);
  });
});

describe('what the engine has to write down although no object changes', () => {
  const plan = (build: (chart: Chart) => void, data: 'keep' | 'disposable' = 'keep'): Plan =>
    planOfChart(build, { data });
  const apart = plan((chart) => {
    object(chart, 'v1 Namespace a');
    object(chart, 'v1 Namespace b');
  }, 'disposable');

  test('an order', () => {
    const ordered = plan((chart) => {
      const first = object(chart, 'v1 Namespace a');
      object(chart, 'v1 Namespace b').node.addDependency(first);
    }, 'disposable');
    expect(between(apart, ordered)).toEqual({ objects: [], bookkeeping: true });
  });

  test('a protection', () => {
    const kept = plan((chart) => {
      object(chart, 'v1 Namespace a');
      object(chart, 'v1 Namespace b');
    });
    expect(between(apart, kept)).toEqual({ objects: [], bookkeeping: true });
  });

  test('a generated secret that is new, or that nobody asks for any more', () => {
    const asking = one('v1 Secret it', {
      stringData: { a: secretToken({ from: 'generated', name: 'a', length: 32, rotation: 0 }) },
    });
    const plain = one('v1 Secret it', { stringData: { a: 'the value' } });
    expect(between(plain, asking)).toEqual({ objects: [], bookkeeping: true });
    expect(between(asking, plain)).toEqual({ objects: [], bookkeeping: true });
    expect(between(asking, asking)).toEqual({ objects: [], bookkeeping: false });
  });
});

describe('what the API server says to it', () => {
  const { server, api } = withApiServer();
  const before = one('v1 ConfigMap it', { data: { level: 'info' } });
  const after = (data: object): Plan =>
    one('v1 ConfigMap it', { data: { level: 'info', ...data } });
  const PATCH = 'PATCH /api/v1/namespaces/ns/configmaps/it';
  const changesTo = (plan: Plan): readonly ObjectChange[] =>
    changesOf(plan, stateOf(before), valueOf).objects;

  test('is asked only about what would change, in a dry run, under our name', async () => {
    server().answers(PATCH, { data: { level: 'debug' } });
    expect(await tried(api(), changesTo(before), valueOf)).toMatchObject([{ operation: 'same' }]);
    expect(server().requests).toEqual([]);
    expect(await tried(api(), changesTo(after({ level: 'debug' })), valueOf)).toMatchObject([
      { operation: 'update' },
    ]);
    expect(server().requests).toEqual([`${PATCH}?dryRun=All&fieldManager=beamline&force=true`]);
  });

  test('a refusal comes with the change', async () => {
    server().refuses(PATCH, 422, 'ConfigMap "it" is invalid: data[a/b]: Invalid value');
    expect(await tried(api(), changesTo(after({ 'a/b': 'x' })), valueOf)).toMatchObject([
      { operation: 'update', refusal: 'ConfigMap "it" is invalid: data[a/b]: Invalid value' },
    ]);
  });

  test.each([403, 404, 415])('an answer %s says nothing about the change', async (status) => {
    server().refuses(PATCH, status, 'no');
    const [change] = await tried(api(), changesTo(after({ more: 'x' })), valueOf);
    expect(change).toMatchObject({ operation: 'update' });
    expect(change).not.toHaveProperty('refusal');
  });

  test('a new empty field that changes nothing is none', async () => {
    const live = { metadata: { name: 'it', resourceVersion: '1' }, data: { level: 'info' } };
    server().answers(PATCH, { ...live, metadata: { name: 'it', resourceVersion: '2' } });
    server().answers('GET /api/v1/namespaces/ns/configmaps/it', live);
    expect(await tried(api(), changesTo(after({ more: '' })), valueOf)).toMatchObject([
      { operation: 'same', fields: [] },
    ]);
    server().answers(PATCH, { ...live, data: { level: 'info', more: '' } });
    expect(await tried(api(), changesTo(after({ more: '' })), valueOf)).toMatchObject([
      { operation: 'update' },
    ]);
  });

  test('a kind that the plan brings cannot be asked about yet', async () => {
    const plan = one('example.org/v1 Pool fast');
    const { objects } = changesOf(plan, { resources: new Map(), pending: [] }, valueOf);
    expect(await tried(api(), objects, valueOf)).toMatchObject([{ operation: 'create' }]);
    expect(server().requests).toEqual(['GET /apis/example.org/v1']);
  });

  test('secrets reach the server in the body and nowhere else', async () => {
    const plan = one('v1 Secret it', {
      stringData: { a: secretToken({ from: 'config', key: 'k' }) },
    });
    const { objects } = changesOf(plan, { resources: new Map(), pending: [] }, valueOf);
    server().refuses('PATCH /api/v1/namespaces/ns/secrets/it', 403, 'no');
    const answered = await tried(api(), objects, valueOf);
    expect(server().bodies.join('')).toContain('the value');
    expect(JSON.stringify(answered) + server().requests.join('')).not.toContain('the value');
  });
});

test('changes are counted by what happens', () => {
  const of = (operation: ObjectChange['operation']): ObjectChange => ({
    id: 'x',
    operation,
    fields: [],
  });
  expect([...countsOf([of('create'), of('same'), of('create')])]).toEqual([
    ['create', 2],
    ['same', 1],
  ]);
});
