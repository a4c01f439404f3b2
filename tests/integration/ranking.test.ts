import { readKubeconfig } from '../../deploy/kubeconfig';
import { KubeApi, KubeError } from '../../deploy/kube-api';
import { objectsAt, textAt } from '../../plan/json';
import type { Manifest } from '../../plan/model';
import { ranked, type RankedChange } from '../../review/risk/rank';
import { worst } from '../../review/risk/risk';
import { changesOfCase, type Case } from '../review/corpus/case';
import { DANGEROUS } from '../review/corpus/dangerous';
import { HARMLESS } from '../review/corpus/harmless';
import { IMMUTABLE } from '../review/corpus/immutable';
import { MORE_DANGEROUS } from '../review/corpus/more-dangerous';
import { MORE_HARMLESS } from '../review/corpus/more-harmless';
import { NOTICED } from '../review/corpus/more-noticed';
import { SITE_DANGEROUS } from '../review/corpus/site/all';
import { SITE_HARMLESS, SITE_NOTICED } from '../review/corpus/site/harmless';
import { SITE_HARMLESS_NEAR } from '../review/corpus/site/harmless-near';
import { LIMIT_MS } from './support/scenario';
import { until } from './support/processes';
import { Site } from './support/site';

/** Rules that say that the API server refuses the change. */
const REFUSED = new Set([
  'claim-shrunk',
  'claim-cannot-grow',
  'service-class-fixed',
  'service-family-fixed',
  'object-refused',
]);
/** Groups that only an operator's or OKD's cluster serves, or none: what is in Harbor goes to Harbor. */
const FOREIGN =
  /rook|cnpg|openshift|snapshot|monitoring|traefik|cert-manager|gateway\.networking|k8s\.ovn|objectbucket|harbor\.beamline|velero|external-secrets|projectcalico|cilium|metallb|kueue|rabbitmq|autoscaling\.k8s\.io/;

/** Kinds that would stop the cluster for the cases that follow: every write goes past them. */
const IN_THE_WAY = /WebhookConfiguration|APIService|^Node$|PriorityLevelConfiguration/;

/** Cases whose truth needs more: a claim that is bound, a defaulted field that only a three-way merge takes away. */
const BOUND = new Set([
  'grow a claim',
  'pvc grows',
  'deploy Recreate',
  'hub database on a larger claim',
]);

const written = [...DANGEROUS, ...HARMLESS, ...IMMUTABLE];
const more = [
  ...MORE_DANGEROUS,
  ...NOTICED,
  ...MORE_HARMLESS,
  ...SITE_DANGEROUS,
  ...SITE_NOTICED,
  ...SITE_HARMLESS,
  ...SITE_HARMLESS_NEAR,
].filter(({ before, after }) => [...before, ...after].every(({ kind }) => !IN_THE_WAY.test(kind)));
const every = [...written, ...more].filter(
  ({ name, before, after }) =>
    !BOUND.has(name) &&
    ![...before, ...after].some(
      // What is in kube-system is the cluster's, and stays.
      ({ apiVersion, metadata }) =>
        FOREIGN.test(apiVersion) || metadata.namespace === 'kube-system',
    ),
);

/** The case with names of its own, so that cases do not meet in the cluster. */
function apart(item: Case, place: number): Case {
  const text = JSON.stringify(item).replaceAll('corpus', `corpus-${place}`);
  const own: Case = JSON.parse(text);
  return own;
}

/** The changes of the corpus, applied to a real API server and compared with what was predicted of them. */
describe('what was predicted of a change is what happens', () => {
  let site: Site;
  let api: KubeApi;
  beforeAll(async () => {
    site = new Site('ranking', 'pinned');
    const kubeconfig = await readKubeconfig(site.kubeconfig);
    api = await KubeApi.open(kubeconfig.connect(kubeconfig.current));
  });
  afterAll(async () => {
    await api.close();
    await site.clear();
  }, LIMIT_MS);

  const pathTo = async ({ apiVersion, kind, metadata }: Manifest): Promise<string> => {
    let path: string | undefined;
    await until(async () => {
      path = await api.pathOf(apiVersion, kind, metadata.namespace, metadata.name);
      return path !== undefined;
    }, `the API server does not know ${kind}`);
    return path ?? '';
  };

  /** Answers whether the server took it. */
  async function apply(manifest: Manifest): Promise<{ readonly refusal?: string }> {
    const path = `${await pathTo(manifest)}?fieldManager=beamline&force=true`;
    const body = { type: 'application/apply-patch+yaml', text: JSON.stringify(manifest) };
    for (let attempt = 0; ; attempt += 1) {
      try {
        await api.send('PATCH', path, 'application/json', body);
        return {};
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        // Somebody else, a controller, wrote it at the same moment; or the definition is served but not ready.
        if ((error.status === 409 || error.status === 404) && attempt < 20) continue;
        return { refusal: `${error.status} ${error.message}` };
      }
    }
  }

  async function established(definition: Manifest): Promise<void> {
    const path = await pathTo(definition);
    await until(
      async () =>
        objectsAt(await api.get(path), 'status', 'conditions').some(
          ({ type, status }) => type === 'Established' && status === 'True',
        ),
      `${definition.metadata.name} was not established`,
      30_000,
    );
  }

  async function exists(manifest: Manifest): Promise<boolean> {
    try {
      const found = await api.get(await pathTo(manifest));
      return textAt(found, 'metadata', 'deletionTimestamp') === undefined;
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return false;
      throw error;
    }
  }

  async function remove(manifest: Manifest): Promise<void> {
    const { apiVersion, kind, metadata } = manifest;
    const path = await api.pathOf(apiVersion, kind, metadata.namespace, metadata.name);
    // With its definition, an object has gone already.
    if (path === undefined) return;
    try {
      await api.send('DELETE', `${path}?propagationPolicy=Background`, 'application/json');
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 404)) throw error;
    }
  }

  async function carriedOut(change: RankedChange): Promise<string> {
    const { operation, before, after, id, risks } = change;
    switch (operation) {
      case 'create':
      case 'update': {
        if (after === undefined) return `${id}: nothing to apply`;
        const { refusal } = await apply(after.manifest);
        const predicted = risks.some(({ rule }) => REFUSED.has(rule));
        if (predicted === (refusal !== undefined)) return '';
        return `${id}: ${operation} was predicted to be ${predicted ? 'refused' : 'accepted'}: ${refusal ?? 'it was accepted'}`;
      }
      case 'replace': {
        if (after === undefined) return `${id}: nothing to apply`;
        const { refusal } = await apply(after.manifest);
        return refusal === undefined
          ? `${id}: replaced, but the API server takes it as an update`
          : '';
      }
      case 'delete':
        if (before !== undefined) await remove(before.manifest);
        return '';
      case 'retain':
        return `${id}: retained in a disposable environment`;
    }
  }

  test.each(every.map((item, place) => ({ name: item.name, item: apart(item, place) })))(
    '$name',
    async ({ item }) => {
      const home: Manifest = {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespaceOf(item) },
      };
      const elsewhere = home.metadata.name === 'default' ? home : undefined;
      const first = [home, ...item.before.filter(({ kind }) => kind !== 'Namespace')];
      const named = item.before.filter(({ kind }) => kind === 'Namespace');
      try {
        for (const manifest of [...first, ...named]) {
          expect([manifest.kind, await apply(manifest)]).toEqual([manifest.kind, {}]);
          // Only then do the rules for its changes hold.
          if (manifest.kind === 'CustomResourceDefinition') await established(manifest);
        }
        const changes = ranked(changesOfCase(item));
        const surprises: string[] = [];
        for (const change of changes) surprises.push(await carriedOut(change));
        expect(surprises.filter(Boolean)).toEqual([]);
        await expectLosses(item, changes);
      } finally {
        for (const manifest of [...item.before, ...item.after, home]) {
          const own = manifest.metadata.namespace === undefined && manifest !== elsewhere;
          if (own) await remove(manifest);
        }
      }
    },
    LIMIT_MS,
  );

  /** What is gone although nobody deleted it by name was ranked critical. */
  async function expectLosses(item: Case, changes: readonly RankedChange[]): Promise<void> {
    const goes = changes.filter(({ operation }) => operation === 'delete').map(({ id }) => id);
    const owners = changes.filter(
      ({ id, operation }) => operation === 'delete' && /namespace|customresource/.test(id),
    );
    if (owners.length === 0) return;
    const inside = item.before.filter(({ metadata }) => metadata.namespace !== undefined);
    for (const manifest of inside) {
      const known = await api.pathOf(
        manifest.apiVersion,
        manifest.kind,
        manifest.metadata.namespace,
      );
      if (known === undefined) continue;
      await until(
        async () => !(await exists(manifest)),
        `${manifest.kind} survived ${goes.join(', ')}`,
      );
    }
    expect(worst(owners)).toBe('critical');
  }
});

function namespaceOf({ before, after }: Case): string {
  const all = [...before, ...after];
  const inside = all.find(({ metadata }) => metadata.namespace !== undefined)?.metadata.namespace;
  const itself = all.find(({ kind }) => kind === 'Namespace')?.metadata.name;
  return inside ?? itself ?? 'default';
}
