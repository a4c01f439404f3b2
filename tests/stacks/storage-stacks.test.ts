import { ApiObject, type App } from 'cdk8s';

import { exceptionsOf } from '../../constructs/kit/exceptions';
import { hintsOf } from '../../constructs/kit/hints';
import type { CephCsiProps } from '../../constructs/storage/ceph-csi-props';
import { Target } from '../../constructs/targets';
import { STORAGE_FILES } from '../../constructs/versions/storage';
import { planOf } from '../../plan/plan-of';
import { CephCsiStack } from '../../stacks/ceph-csi-stack';
import { GlusterStack } from '../../stacks/gluster-stack';
import { NfsCsiStack } from '../../stacks/nfs-csi-stack';
import { NfsServerStack } from '../../stacks/nfs-server-stack';
import { ProjectStorageStack } from '../../stacks/project-storage-stack';
import { RookStack } from '../../stacks/rook-stack';
import { ensureUpstream } from '../../upstream/fetch';
import { houseRuleProblems, type Judged } from '../support/house-rules';
import { appFor } from '../support/synth';

beforeAll(
  () => Promise.all(Object.values(STORAGE_FILES).map((pin) => ensureUpstream(pin))),
  120_000,
);

const consent = 'a test';
const user = { id: 'u', key: { from: 'secret', name: 's' } } as const;
const users = { provisioner: user, node: user };
const ceph: CephCsiProps = {
  clusterId: 'fsid',
  monitors: ['192.0.2.1:6789'],
  consent,
  rbd: { users, pools: [{ name: 'p', erasureCoded: false }] },
  cephfs: { users, filesystems: [{ name: 'f', dataPools: [] }] },
};

/** Every storage stack that a target can have, but for Rook. */
function site(target: Target): App {
  const app = appFor(target);
  new NfsServerStack(app, 'Server', {
    server: { className: 'server', consent },
    export: {
      storageClass: { className: 'disk', accessModes: ['ReadWriteOnce'] },
      sizeGiB: 1,
    },
  });
  new ProjectStorageStack(app, 'Project', {
    project: 'mine',
    storageClass: { className: 'disk', accessModes: ['ReadWriteMany'] },
    claims: [{ claimName: 'c', sizeGiB: 1, access: 'ReadWriteMany', partOf: 'p' }],
  });
  if (target.has('in-tree-glusterfs')) {
    const heketi = { url: 'http://heketi.example.org:8080', user: 'admin', key: user.key };
    const gluster = { className: 'gluster', heketi, clientOnNodes: 'layered' };
    new GlusterStack(app, 'Gluster', { gluster, namespace: 'gluster' });
  }
  if (!target.has('csi-volume-expansion')) return app;
  new NfsCsiStack(app, 'NfsCsi', {
    driver: { consent },
    classes: [{ className: 'filer', server: 'nfs1.example.org', share: '/export' }],
  });
  new CephCsiStack(app, 'CephCsi', {
    ceph,
    classes: [
      { of: 'rbd', className: 'block', pool: 'p' },
      { of: 'cephfs', className: 'shared', filesystem: 'f' },
    ],
  });
  return app;
}

function rook(target: Target): App {
  const app = appFor(target);
  new RookStack(app, 'Rook', {
    operator: { consent },
    cluster: {
      storage: { on: 'matching-devices', pattern: '^sdb$' },
      toolbox: { consent },
    },
    pools: [{ name: 'p', data: { kind: 'replicated', copies: 3 } }],
    filesystem: { name: 'f' },
    block: { className: 'block', pool: 'p' },
    shared: { className: 'shared' },
    objects: { name: 'o' },
    capacity: { blockGiB: 10, sharedGiB: 10 },
    namespace: 'my-ceph',
  });
  return app;
}

function problemsIn(app: App): string[] {
  return app.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter((object) => hintsOf(object).upstream === undefined)
    .flatMap((object) => {
      const manifest: Judged = object.toJson();
      return houseRuleProblems(manifest, exceptionsOf(object));
    });
}

function plan(app: App, target: Target): number {
  const provided = ['_/storageclass.storage.k8s.io/disk'];
  return planOf(app, { environment: 'e', target, data: 'keep', moved: [], provided }).steps.length;
}

const targets = Target.all.map((target) => [target.name, target] as const);

test.each(targets)('on %s every object follows the house rules and can be planned', (_, target) => {
  const app = site(target);
  expect(problemsIn(app)).toEqual([]);
  expect(plan(app, target)).toBeGreaterThan(10);
});

test.each(['okd 4.21', 'kubernetes 1.34'])('on %s Rook follows them, too', (name) => {
  const target = Target.parse(name);
  const app = rook(target);
  expect(problemsIn(app)).toEqual([]);
  expect(plan(app, target)).toBeGreaterThan(100);
});
