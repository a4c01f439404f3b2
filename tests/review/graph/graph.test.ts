import { Chart, type App } from 'cdk8s';

import { expectPods } from '../../../constructs/kit/expected-pods';
import { REACH_LABEL } from '../../../constructs/kit/reach';
import { graphOfPlan } from '../../../review/graph/graph-of';
import type { Box, Graph } from '../../../review/graph/model';
import { graphSvg } from '../../../review/graph/svg';
import { object, planFrom, planOfChart, podSpec, type Fields } from '../../support/plan';

function runs(chart: Chart, name: string, pod: Fields = podSpec(), kind = 'Deployment'): void {
  const labels = { app: name };
  object(chart, `apps/v1 ${kind} ${name}`, {
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  });
}

function service(chart: Chart, name: string, app: string, more: Fields = {}): void {
  object(chart, `v1 Service ${name}`, {
    spec: { selector: { app }, ports: [{ port: 80 }], ...more },
  });
}

function policy(chart: Chart, name: string, spec: Fields): void {
  object(chart, `networking.k8s.io/v1 NetworkPolicy ${name}`, { spec });
}

const settings = (value: string): Fields => podSpec({}, { env: [{ name: 'URL', value }] });

/** Arrows as `web calls api`, by the titles of the boxes. */
function arrowsOf({ arrows, boxes }: Graph): string[] {
  const titles = new Map(boxes.map(({ id, title }) => [id, title]));
  return arrows
    .map(({ from, to, talk }) => `${titles.get(from) ?? from} ${talk} ${titles.get(to) ?? to}`)
    .sort();
}

function boxOf(graph: Graph, title: string): Box {
  const found = graph.boxes.find((box) => box.title === title);
  if (found === undefined) throw new Error(`there is no box '${title}'`);
  return found;
}

test('who is configured to call whom', () => {
  const graphOf = (value: string): string[] =>
    arrowsOf(
      graphOfPlan(
        planOfChart((chart) => {
          runs(chart, 'web', settings(value));
          runs(chart, 'api');
          service(chart, 'api', 'api', { clusterIP: '10.0.0.7' });
        }),
      ),
    );
  const called = ['web calls api'];
  expect(graphOf('http://api/path')).toEqual(called);
  expect(graphOf('api:80')).toEqual(called);
  expect(graphOf('api.ns.svc.cluster.local:8080')).toEqual(called);
  expect(graphOf('nfs://10.0.0.7/export')).toEqual(called);
  expect(graphOf('postgres://user@api')).toEqual(called);
  for (const other of [
    'api',
    'http://api.example.org',
    'api:8080',
    'api.other',
    '10.0.0.70',
    'my-api:80',
  ])
    expect(graphOf(other)).toEqual([]);
});

test('files of configuration say it as well, across namespaces by the full name only', () => {
  const graph = graphOfPlan(
    planFrom((app: App) => {
      const front = new Chart(app, 'Front', { namespace: 'front' });
      const back = new Chart(app, 'Back', { namespace: 'back' });
      object(front, 'v1 ConfigMap settings', { data: { file: 'url: http://db.back:5432' } });
      const volumes = [{ name: 's', configMap: { name: 'settings' } }];
      runs(front, 'web', podSpec({ volumes }));
      runs(front, 'other', settings('http://db'));
      runs(back, 'db');
      service(back, 'db', 'db');
    }),
  );
  expect(arrowsOf(graph)).toEqual(['web calls db']);
  expect(graph.groups.map(({ title, where, rest }) => [title, where, rest])).toEqual([
    ['Back', 'namespace back', '1 others'],
    ['Front', 'namespace front', '1 settings'],
  ]);
});

test('policies make an arrow where both sides let it through', () => {
  const graph = graphOfPlan(
    planOfChart((chart) => {
      for (const name of ['web', 'api', 'db']) runs(chart, name);
      const podSelector = (app: string): Fields => ({ matchLabels: { app } });
      policy(chart, 'deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      policy(chart, 'dns', { podSelector: {}, egress: [{ to: [{ podSelector: {} }] }] });
      policy(chart, 'api', {
        podSelector: podSelector('api'),
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: podSelector('web') }] }],
      });
      // Nobody lets it in.
      policy(chart, 'web', {
        podSelector: podSelector('web'),
        policyTypes: ['Egress'],
        egress: [{ to: [{ podSelector: podSelector('db') }] }],
      });
    }),
  );
  expect(arrowsOf(graph)).toEqual(['web may-reach api']);
});

test('what is public, what is internal, and where that leads', () => {
  const reach = (to: string): Fields => ({ labels: { [REACH_LABEL]: to } });
  const graph = graphOfPlan(
    planOfChart((chart) => {
      runs(chart, 'web');
      service(chart, 'web', 'web');
      for (const path of ['a', 'b']) {
        object(chart, `networking.k8s.io/v1 Ingress web-${path}`, {
          metadata: { name: `web-${path}`, ...reach('public') },
          spec: {
            rules: [
              {
                host: 'web.example.org',
                http: { paths: [{ path: `/${path}`, backend: { service: { name: 'web' } } }] },
              },
            ],
          },
        });
      }
      object(chart, 'route.openshift.io/v1 Route inner', {
        metadata: { name: 'inner', ...reach('internal') },
        spec: { host: 'inner.example.org', to: { kind: 'Service', name: 'web' } },
      });
      service(chart, 'balanced', 'web', { type: 'LoadBalancer' });
    }),
  );
  expect(arrowsOf(graph)).toEqual([
    'balanced enters web',
    'inner.example.org enters web',
    'the internet enters web.example.org',
    "the site's own networks enters inner.example.org",
    'web.example.org enters web',
    'whoever can reach it enters balanced',
  ]);
  expect(boxOf(graph, 'web.example.org')).toMatchObject({
    reach: 'public',
    lines: ['Ingress web-a', 'Ingress web-b'],
  });
});

test('what is privileged, and what of the node it has', () => {
  const volumes = [{ name: 'host', hostPath: { path: '/dev/fuse' } }];
  const graph = graphOfPlan(
    planOfChart((chart) => {
      runs(chart, 'agent', podSpec({ volumes, hostNetwork: true }), 'DaemonSet');
      runs(chart, 'web');
    }),
  );
  const agent = boxOf(graph, 'agent');
  expect(agent.privileged).toBe('fits Pod Security privileged');
  expect(agent.lines[0]).toBe('DaemonSet, one on each node');
  expect(agent.lines.slice(2)).toEqual(['files of the node: /dev/fuse', "the node's network"]);
  expect(boxOf(graph, 'web').lines).toEqual(['Deployment, 1 pod', 'fits Pod Security baseline']);
  expect(boxOf(graph, 'web').privileged).toBeUndefined();
});

test('where data lives, down to the server or the disks', () => {
  const graph = graphOfPlan(
    planOfChart((chart) => {
      const claim = (name: string, spec: Fields): void => {
        object(chart, `v1 PersistentVolumeClaim ${name}`, {
          spec: { resources: { requests: { storage: '5Gi' } }, ...spec },
        });
      };
      object(chart, 'storage.k8s.io/v1 StorageClass fast', {
        provisioner: 'rook-ceph.cephfs.csi.ceph.com',
        parameters: { fsName: 'shared' },
      });
      object(chart, 'ceph.rook.io/v1 CephFilesystem shared', {
        spec: { dataPools: [{ replicated: { size: 3 } }] },
      });
      object(chart, 'ceph.rook.io/v1 CephCluster ceph', {
        spec: { storage: { nodes: [{ name: 'a', devices: [{ name: 'sdb' }, { name: 'sdc' }] }] } },
      });
      object(chart, 'v1 PersistentVolume old', {
        spec: { nfs: { server: 'nfs.example.org', path: '/old' } },
      });
      claim('old', { volumeName: 'old', storageClassName: '' });
      claim('files', { storageClassName: 'fast', accessModes: ['ReadWriteMany'] });
      const volumes = ['old', 'files'].map((name) => ({
        name,
        persistentVolumeClaim: { claimName: name },
      }));
      runs(chart, 'web', podSpec({ volumes }));
      expectPods(chart, {
        name: 'small',
        what: 'sessions',
        by: 'kubespawner',
        count: 'as-asked',
        labels: {},
        requests: { cpu: '1', memory: '1Gi' },
        limits: {},
        mounts: ['files'],
        claim: { className: 'fast', size: '9Gi' },
      });
    }),
  );
  expect(arrowsOf(graph)).toEqual([
    'class fast keeps file system shared',
    'file system shared keeps disks of the nodes, by Ceph',
    'files keeps class fast',
    'homes keeps class fast',
    'sessions keeps files',
    'sessions keeps homes',
    'web keeps files',
    'web keeps old',
  ]);
  expect(boxOf(graph, 'old').lines).toEqual(['NFS nfs.example.org', '/old']);
  expect(boxOf(graph, 'files').lines).toEqual(['5Gi, many write']);
  expect(boxOf(graph, 'disks of the nodes, by Ceph').lines).toEqual(['2 disks on 1 nodes', 'a']);
  expect(boxOf(graph, 'sessions').lines).toContain('small: 1 CPU, 1 GiB');
});

test('the class of a provisioner of ours leads to it', () => {
  const graph = graphOfPlan(
    planOfChart((chart) => {
      object(chart, 'storage.k8s.io/v1 StorageClass nfs', { provisioner: 'site/nfs' });
      runs(chart, 'one', podSpec({}, { args: ['-provisioner=site/nfs'] }));
      runs(chart, 'two', podSpec({}, { env: [{ name: 'NAME', value: 'site/nfs' }] }));
      runs(chart, 'three', podSpec({}, { args: ['-provisioner=other-site/nfs'] }));
    }),
  );
  expect(arrowsOf(graph)).toEqual(['class nfs keeps one', 'class nfs keeps two']);
});

test('a namespace that is made for people has them in it', () => {
  const graph = graphOfPlan(
    planOfChart((chart) => {
      object(chart, 'v1 ResourceQuota tenant', {
        spec: { hard: { 'requests.cpu': '8', 'requests.memory': '4Gi' } },
      });
      object(chart, 'v1 PersistentVolumeClaim shared', { spec: { storageClassName: '' } });
    }),
  );
  expect(boxOf(graph, 'whatever its people run').lines).toEqual(['up to 8 CPU, 4 GiB']);
  expect(arrowsOf(graph)).toEqual(['whatever its people run keeps shared']);
});

test('a stack of several namespaces has a frame for each, and one for what is in none', () => {
  const graph = graphOfPlan(
    planFrom((app: App) => {
      const stack = new Chart(app, 'Site');
      for (const namespace of ['one', 'two'])
        object(stack, `v1 ResourceQuota ${namespace}`, {
          metadata: { name: 'tenant', namespace },
          spec: { hard: {} },
        });
      object(stack, 'storage.k8s.io/v1 StorageClass fast', { provisioner: 'p' });
    }),
  );
  expect(graph.groups.map(({ title, where }) => [title, where])).toEqual([
    ['Site', 'of the whole cluster'],
    ['Site · one', 'namespace one'],
    ['Site · two', 'namespace two'],
  ]);
});

test('hundreds of workloads are drawn as one in each group', () => {
  const graph = graphOfPlan(
    planOfChart((chart) => {
      for (let at = 0; at < 400; at += 1) runs(chart, `w${at}`, settings('http://w0'));
      service(chart, 'w0', 'w0');
    }),
  );
  expect(graph.boxes).toHaveLength(1);
  expect(graph.boxes[0]).toMatchObject({ title: '400 workloads' });
  expect(graph.boxes[0]?.lines.at(-1)).toBe('and 395 more');
  expect(graph.arrows).toEqual([]);
});

test('the picture is the same every time, also of nothing, and a name is no program', async () => {
  const plan = planOfChart((chart) => {
    runs(chart, 'web', settings('http://web'));
    object(chart, 'route.openshift.io/v1 Route r', {
      spec: { host: '</text><script>alert(1)</script>\u202e', to: { name: 'web' } },
    });
    service(chart, 'web', 'web');
  });
  const svg = await graphSvg(graphOfPlan(plan));
  expect(await graphSvg(graphOfPlan(plan))).toBe(svg);
  expect(svg).not.toContain('<script');
  expect(svg).not.toContain('\u202e');
  expect(svg).not.toMatch(/(href|src)=|url\((?!#arrow\))/);
  expect(await graphSvg(graphOfPlan(planOfChart(() => undefined)))).toContain('<svg');
});
