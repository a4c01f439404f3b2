import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Manifest } from '../../../plan/model';
import { SIMULATED } from '../../../sandbox/simulator/simulated';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { RecordedAccount } from '../../support/recorded-account';
import { Program } from '../analysis/real/program';
import { definitions, ownRules } from './real/cert-manager';
import { certificateOf, type Ask } from './real/client';
import { Cluster } from '../../support/cluster';
import { UNBROKEN, watchRenewal } from './real/renewal';
import { RunningSite } from './real/running-site';

const LIMIT_MS = 240_000;
const ACCOUNT = 'cert-manager';

/** A Certificate that is renewed soon: the shortest life that cert-manager allows, and nearly all of it kept for the renewal. */
const SHORT = { duration: '1h', renewBefore: '59m30s' };

describeWith(
  ['cert-manager', 'traefik', 'openssl'],
  "cert-manager's own controllers, with the issuer and the certificates that we render",
  (pathOf) => {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-cert-manager-'));
    let site: RunningSite;
    let account: RecordedAccount;
    let program: Program;

    const at = (name: string): Ask => ({
      port: site.ports.websecure,
      from: '127.0.0.1',
      host: `${name}.example.org`,
    });

    beforeAll(async () => {
      await new Cluster().apply(await definitions());
      const issuer = { type: 'ca', secret: 'authority' } as const;
      const [traefik, openssl] = [pathOf('traefik'), pathOf('openssl')];
      site = await RunningSite.start(traefik, openssl, { issuer, changed: withRealController });
      const { cluster, namespace, authority } = site;
      await cluster.apply([
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: issuer.secret, namespace },
          type: 'kubernetes.io/tls',
          stringData: { 'tls.crt': authority.certificate, 'tls.key': authority.key },
        },
        ...(await rightsOf(namespace)),
      ]);
      const life = ['--type=merge', '-p', JSON.stringify({ spec: SHORT })];
      await cluster.kubectl(['patch', 'certificate', 'marked', '-n', site.apps, ...life]);
      account = await RecordedAccount.start(cluster, { name: ACCOUNT, namespace, folder });
      const args = [
        `--kubeconfig=${account.kubeconfig}`,
        `--cluster-resource-namespace=${namespace}`,
      ];
      program = Program.start(pathOf('cert-manager'), args, {}, folder);
    }, LIMIT_MS);

    afterAll(async () => {
      await program.stop();
      await account.stop();
      const { cluster, namespace } = site;
      await site.stop();
      const gone = ['--ignore-not-found', '--wait=false'];
      const rights = `clusterrole/${namespace}-${ACCOUNT}`;
      await cluster.kubectl(['delete', rights, rights.replace('role', 'rolebinding'), ...gone]);
      await cluster.kubectl(['delete', 'clusterissuer', `${namespace}-ca`, ...gone]);
      rmSync(folder, { recursive: true });
    }, LIMIT_MS);

    test.each(['app', 'inside', 'sticky', 'marked', 'exact.many', 'any.many'])(
      '%s shows a certificate of its own, signed by the authority of the site',
      async (name) => {
        const authority = new X509Certificate(site.authority.certificate);
        const wanted = `DNS:${name === 'any.many' ? '*.many' : name}.example.org`;
        let shown: X509Certificate | undefined;
        await until(
          async () => {
            shown = await certificateOf(at(name)).catch(() => undefined);
            return shown?.subjectAltName === wanted && shown.verify(authority.publicKey);
          },
          () => `${shown?.subjectAltName ?? 'nothing'} is shown\n${logs()}`,
          90_000,
        );
      },
      LIMIT_MS,
    );

    test(
      'its time come, a certificate is renewed with a new key, and neither a request nor a connection is lost',
      async () => {
        const renewal = await watchRenewal(at('marked'));
        expect(renewal).toMatchObject(UNBROKEN);
        expect(keyOf(renewal.after)).not.toBe(keyOf(renewal.before));
        expect(Date.parse(renewal.after.validTo)).toBeGreaterThan(
          Date.parse(renewal.before.validTo),
        );
      },
      LIMIT_MS,
    );

    test(
      'a certificate is renewed when somebody asks for it, as `cmctl renew` does',
      async () => {
        const issuing = {
          type: 'Issuing',
          status: 'True',
          reason: 'ManuallyTriggered',
          message: 'somebody asked',
          lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
        };
        const patch = [{ op: 'add', path: '/status/conditions/-', value: issuing }];
        const { cluster, apps } = site;
        const how = ['--subresource=status', '--type=json', '-p', JSON.stringify(patch)];
        const renewal = await watchRenewal(at('sticky'), () =>
          cluster.kubectl(['patch', 'certificate', 'sticky', '-n', apps, ...how]),
        );
        expect(renewal).toMatchObject(UNBROKEN);
      },
      LIMIT_MS,
    );

    test('what its own chart lets it do is enough for our objects', () => {
      expect(account.refused).toEqual([]);
      expect(account.used).toContain('create cert-manager.io/certificaterequests');
      expect(program.running).toBe(true);
    });

    const logs = (): string => `${program.log.slice(-4000)}\n${site.log.slice(-2000)}`;
  },
);

/** The sandbox plays cert-manager, but for objects that say otherwise. */
function withRealController(object: Manifest): Manifest {
  if (!object.apiVersion.startsWith('cert-manager.io/')) return object;
  const { metadata } = object;
  const annotations = { [SIMULATED]: 'false' };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** An account with the rights of cert-manager's own chart. */
async function rightsOf(namespace: string): Promise<Manifest[]> {
  const rbac = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    metadata: { name: `${namespace}-${ACCOUNT}` },
  };
  const subject = { kind: 'ServiceAccount', name: ACCOUNT, namespace };
  const roleRef = {
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    name: rbac.metadata.name,
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace } },
    { ...rbac, kind: 'ClusterRole', rules: await ownRules() },
    { ...rbac, kind: 'ClusterRoleBinding', roleRef, subjects: [subject] },
  ];
}

function keyOf({ publicKey }: X509Certificate): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
