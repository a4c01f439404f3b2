import {
  allow,
  API_SERVER,
  denyAllButDns,
  inNamespace,
  network,
  podsOf,
} from '../../../constructs/kit/network';
import { rendered } from '../../support/synth';

const part = { name: 'hub', instance: 'main', component: 'web', partOf: 'notebooks' };
const selector = {
  'app.kubernetes.io/name': 'hub',
  'app.kubernetes.io/instance': 'main',
  'app.kubernetes.io/component': 'web',
};

test('a closed namespace lets nothing through but the lookup of names', () => {
  const closed = rendered((chart) => denyAllButDns(chart, part));
  expect(closed.one('NetworkPolicy', 'deny-all')['spec']).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
  expect(closed.one('NetworkPolicy', 'allow-dns')['spec']).toEqual({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
          { ipBlock: { cidr: '169.254.0.0/16' } },
        ],
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
    ],
  });
});

test('on OKD names are looked up in openshift-dns, whose pods listen on 5353', () => {
  const dns = rendered((chart) => denyAllButDns(chart, part), 'okd 4.21').one(
    'NetworkPolicy',
    'allow-dns',
  );
  expect(dns['spec']).toMatchObject({
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } },
          },
        ],
        ports: [{ port: 5353 }, { port: 5353 }],
      },
    ],
  });
});

test('where namespaces do not carry their name, names are looked up anywhere in the cluster', () => {
  const dns = rendered((chart) => denyAllButDns(chart, part), 'okd 3.11').one(
    'NetworkPolicy',
    'allow-dns',
  );
  expect(dns['spec']).toMatchObject({ egress: [{ to: [{ namespaceSelector: {} }] }] });
});

test('opens the pods of a part for the traffic it is told', () => {
  const policy = rendered((chart) => {
    allow(chart, 'Allow', {
      name: 'hub',
      part,
      from: [
        {
          peers: [podsOf(part), podsOf(part, 'other'), inNamespace('third')],
          ports: [8081, 'http'],
        },
        { peers: 'anyone', ports: 'any' },
      ],
      to: [API_SERVER, { peers: [network('192.0.2.0/24')], ports: [2049] }],
    });
  }).one('NetworkPolicy');
  const third = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'third' } } };
  const other = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } };
  expect(policy['spec']).toEqual({
    podSelector: { matchLabels: selector },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [
          { podSelector: { matchLabels: selector } },
          { podSelector: { matchLabels: selector }, ...other },
          third,
        ],
        ports: [
          { port: 8081, protocol: 'TCP' },
          { port: 'http', protocol: 'TCP' },
        ],
      },
      {},
    ],
    egress: [
      {
        ports: [
          { port: 443, protocol: 'TCP' },
          { port: 6443, protocol: 'TCP' },
        ],
      },
      { to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 2049, protocol: 'TCP' }] },
    ],
  });
});

test('leaves a direction that it says nothing about to other policies', () => {
  const policy = rendered((chart) => {
    allow(chart, 'Allow', { name: 'hub', part, pods: { a: 'b' }, to: [API_SERVER] });
  }).one('NetworkPolicy');
  expect(policy['spec']).toMatchObject({
    podSelector: { matchLabels: { a: 'b' } },
    policyTypes: ['Egress'],
  });
  expect(policy['spec']).not.toHaveProperty('ingress');
});
