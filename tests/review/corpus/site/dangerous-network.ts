import { change, type Case } from '../case';
import { C, edit, edited, made, netns } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const policy = (name: string, spec: Parameters<typeof o.podOf>[1]) =>
  made('NetworkPolicy', name, { spec: spec ?? {} }, 'networking.k8s.io/v1');
const deny = policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const intoDatabase = policy('postgres', {
  podSelector: { matchLabels: { app: 'postgres' } },
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'hub' } } }], ports: [{ port: 5432 }] }],
});
const outOfHub = policy('hub-out', {
  podSelector: { matchLabels: { app: 'hub' } },
  policyTypes: ['Egress'],
  egress: [
    {
      to: [
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
      ],
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    },
    { to: [{ podSelector: { matchLabels: { app: 'postgres' } } }], ports: [{ port: 5432 }] },
  ],
});
const fromRouters = policy('hub-in', {
  podSelector: { matchLabels: { app: 'hub' } },
  policyTypes: ['Ingress'],
  ingress: [
    {
      from: [
        { namespaceSelector: { matchLabels: { 'network.openshift.io/policy-group': 'ingress' } } },
      ],
      ports: [{ port: 8081 }],
    },
  ],
});
const routers = made(
  'Namespace',
  'corpus-routers',
  {
    metadata: {
      name: 'corpus-routers',
      labels: { 'network.openshift.io/policy-group': 'ingress' },
    },
  },
  'v1',
  null,
);
const dns = made(
  'ConfigMap',
  'coredns',
  {
    data: {
      Corefile:
        '.:53 {\n  kubernetes cluster.local in-addr.arpa\n  forward . /etc/resolv.conf\n  cache 30\n}\n',
    },
  },
  'v1',
  'kube-system',
);
const calico = o.global('crd.projectcalico.org/v1', 'GlobalNetworkPolicy', 'corpus-tenants', {
  selector: 'tenant == "edge"',
  types: ['Ingress'],
  ingress: [{ action: 'Deny' }],
});
const pool = o.global('crd.projectcalico.org/v1', 'IPPool', 'corpus-pods', {
  cidr: '10.42.0.0/16',
  ipipMode: 'Always',
});
const egress = made(
  'EgressNetworkPolicy',
  'default',
  {
    spec: {
      egress: [
        { type: 'Allow', to: { cidrSelector: '131.225.0.0/16' } },
        { type: 'Deny', to: { cidrSelector: '0.0.0.0/0' } },
      ],
    },
  },
  'network.openshift.io/v1',
);
const cilium = o.operated('cilium.io/v2', 'CiliumNetworkPolicy', 'edge', {
  endpointSelector: { matchLabels: { app: 'hub' } },
  ingress: [{ fromEndpoints: [{ matchLabels: { app: 'proxy' } }] }],
});
const grant = o.operated('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'from-edge', {
  from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'corpus-edge' }],
  to: [{ group: '', kind: 'Service', name: 'hub' }],
});
const acrossRoute = made(
  'HTTPRoute',
  'hub',
  {
    spec: {
      parentRefs: [{ name: 'edge' }],
      rules: [{ backendRefs: [{ name: 'hub', namespace: 'corpus', port: 8081 }] }],
    },
  },
  'gateway.networking.k8s.io/v1',
  'corpus-edge',
);
const route = made(
  'Route',
  'hub',
  {
    spec: {
      host: 'hub.apps.example.org',
      to: { kind: 'Service', name: 'hub' },
      port: { targetPort: 'http' },
      tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
    },
  },
  'route.openshift.io/v1',
);
const conditions = made('Service', 'conditions', {
  spec: { type: 'ExternalName', externalName: 'frontier.example.org' },
});
const nfs = o.workload('StatefulSet', 'nfs', o.podOf('nfs', { ports: [{ containerPort: 2049 }] }), {
  replicas: 1,
  serviceName: 'nfs',
});
const nfsService = o.serviceOf('nfs', 2049, { clusterIP: '172.20.14.9' });
const retired = o.serviceOf('nfs', 2049, { clusterIP: '172.20.14.11' });
const nfsVolume = made(
  'PersistentVolume',
  'corpus-cvmfs',
  {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      nfs: { server: '172.20.14.9', path: '/cvmfs' },
    },
  },
  'v1',
  null,
);
const class_ = made(
  'IngressClass',
  'nginx',
  { spec: { controller: 'k8s.io/ingress-nginx' } },
  'networking.k8s.io/v1',
  null,
);
const advertised = o.operated('metallb.io/v1beta1', 'L2Advertisement', 'public', {
  ipAddressPools: ['public'],
});
const withHub = [o.hub, ...o.HUB];
const hubs = withHub.filter((one) => one !== o.hubService);

/** What could cut a service off, or open it. */
export const SITE_DANGEROUS_NETWORK: readonly Case[] = [
  change('nothing is denied any more', [deny], [], [o.postgres, o.hub, intoDatabase]),
  edit('database open to every pod', intoDatabase, 'spec/ingress/0/from', undefined, [
    o.postgres,
    o.hub,
  ]),
  edit(
    'database open to one rule of nothing',
    intoDatabase,
    'spec/ingress',
    [{}],
    [o.postgres, o.hub],
  ),
  edit(
    'database open to every namespace',
    intoDatabase,
    'spec/ingress/0/from/0',
    { namespaceSelector: {} },
    [o.postgres, o.hub],
  ),
  edit(
    'hub cannot ask for names',
    outOfHub,
    'spec/egress',
    [{ to: [{ podSelector: { matchLabels: { app: 'postgres' } } }], ports: [{ port: 5432 }] }],
    [o.hub, o.postgres],
  ),
  edit(
    'hub cannot reach its database',
    intoDatabase,
    'spec/ingress/0/from/0/podSelector/matchLabels/app',
    'jupyter',
    [o.postgres, o.hub],
  ),
  edit('policy guards nobody', intoDatabase, 'spec/podSelector/matchLabels/app', 'postgresql', [
    o.postgres,
    o.hub,
  ]),
  edit('routers are no longer known', routers, 'metadata/labels', {}, [fromRouters, ...withHub]),
  edit('service of nobody', o.hubService, 'spec/selector/app', 'jupyterhub', hubs),
  edit('service to a port that is not open', o.hubService, 'spec/ports/0/targetPort', 8000, hubs),
  edit('service to a name that no port has', o.hubService, 'spec/ports/0/targetPort', 'web', hubs),
  edit('port of the pod renamed under its service', o.hub, `${C}/ports/0/name`, 'web', o.HUB),
  edit(
    'label of the pods moves away from the service',
    o.hubService,
    'spec/selector',
    { app: 'hub', tier: 'front' },
    hubs,
  ),
  edit('cache leaves its address', o.squidService, 'spec/type', 'ClusterIP', [
    o.squid,
    o.squidConfig,
  ]),
  edit('cache for all of the world', o.squidService, 'spec/loadBalancerSourceRanges', undefined, [
    o.squid,
    o.squidConfig,
  ]),
  edit('cache on another address', o.squidService, 'spec/loadBalancerIP', '192.0.2.9', [
    o.squid,
    o.squidConfig,
  ]),
  edit(
    'database outside',
    edited(o.pgService, 'spec/clusterIP', undefined),
    'spec/type',
    'NodePort',
    [o.postgres],
  ),
  edit(
    'service takes addresses of others',
    o.hubService,
    'spec/externalIPs',
    ['198.51.100.53'],
    hubs,
  ),
  edit('address of the NFS server', nfsService, 'spec/clusterIP', '172.20.14.10', [nfs, nfsVolume]),
  change(
    'service of the NFS server deleted',
    [retired],
    [],
    [nfs, edited(nfsVolume, 'spec/nfs/server', '172.20.14.11')],
  ),
  edit(
    'conditions come from elsewhere',
    conditions,
    'spec/externalName',
    'frontier.test.example.net',
    [],
  ),
  edit('no more TLS at the hub', c.hubIngress, 'spec/tls', undefined, withHub),
  edit('hub for all of the world', c.hubIngress, 'metadata/annotations', {}, withHub),
  edit('host of the hub is another', c.hubIngress, 'spec/rules/0/host', 'hub.example.com', withHub),
  edit('Ingress of another class', c.hubIngress, 'spec/ingressClassName', 'traefik', [
    ...withHub,
    class_,
  ]),
  edit(
    'Ingress to a service that is not there',
    c.hubIngress,
    'spec/rules/0/http/paths/0/backend/service/name',
    'proxy-public',
    withHub,
  ),
  change('class of an Ingress deleted', [class_], [], [c.hubIngress, ...withHub]),
  edit('Route in the clear', route, 'spec/tls/insecureEdgeTerminationPolicy', 'Allow', withHub),
  edit(
    'Route passes TLS to a plain server',
    route,
    'spec/tls',
    { termination: 'passthrough' },
    withHub,
  ),
  edit('Route without TLS', route, 'spec/tls', undefined, withHub),
  edit('Route to a port that the service has not', route, 'spec/port/targetPort', 'https', withHub),
  edit('HTTPRoute of a gateway that is not there', c.hubRoute, 'spec/parentRefs/0/name', 'edge-2', [
    c.gateway,
    ...withHub,
  ]),
  edit(
    'HTTPRoute to a service that is not there',
    c.hubRoute,
    'spec/rules/0/backendRefs/0/name',
    'jupyter',
    [c.gateway, ...withHub],
  ),
  edit('listener renamed under its routes', c.gateway, 'spec/listeners/0/name', 'websecure', [
    c.hubRoute,
    ...withHub,
  ]),
  edit('listener of another port', c.gateway, 'spec/listeners/0/port', 8443, [
    c.hubRoute,
    ...withHub,
  ]),
  edit(
    'any namespace may take a host',
    c.gateway,
    'spec/listeners/0/allowedRoutes/namespaces/from',
    'All',
    [c.hubRoute, ...withHub],
  ),
  change('grant across namespaces deleted', [grant], [], [c.gateway, acrossRoute, ...withHub]),
  edit(
    'addresses of the site are others',
    c.addresses,
    'spec/addresses',
    ['192.0.2.32/28'],
    [o.squidService],
  ),
  change('addresses no longer announced', [advertised], [], [c.addresses, o.squidService]),
  edit(
    'names of the cluster come from elsewhere',
    dns,
    'data/Corefile',
    '.:53 {\n  forward . 192.0.2.53\n  cache 30\n}\n',
  ),
  change('tenants are no longer kept apart', [calico], []),
  edit('addresses of pods', pool, 'spec/cidr', '10.44.0.0/16'),
  change('egress is free', [egress], []),
  edit('egress to everywhere first', egress, 'spec/egress', [
    { type: 'Allow', to: { cidrSelector: '0.0.0.0/0' } },
  ]),
  change('guard of the hub deleted', [cilium], [], [o.hub]),
  edit('guard label of a project taken away', netns({ tenant: 'edge' }), 'metadata/labels', {}, [
    made(
      'NetworkPolicy',
      'from-edge',
      {
        spec: {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ namespaceSelector: { matchLabels: { tenant: 'edge' } } }] }],
        },
      },
      'networking.k8s.io/v1',
    ),
    o.hub,
  ]),
];
