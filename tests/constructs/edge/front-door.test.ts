import { Chart } from 'cdk8s';

import { ExistingIngress } from '../../../constructs/edge/existing-ingress';
import { OkdRoutes, type OkdRoutesProps } from '../../../constructs/edge/okd-routes';
import { findingsOf } from '../../../constructs/kit/findings';
import { kubeObject } from '../../../constructs/kit/objects';
import { keepInternal } from '../../../constructs/kit/reach';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import { object } from '../../support/plan';
import { CERTIFICATE, routed, routeTo, siteWith, type Site } from './site';

const site = (props: OkdRoutesProps = {}): Site =>
  siteWith((chart) => new OkdRoutes(chart, 'Routes', props), 'okd 4.21');
const refusal = (...problems: readonly string[]): Error =>
  new Error(`the route 'hub' of 'Hub' cannot be made:\n  - ${problems.join('\n  - ')}`);
const given = { kind: 'given', chain: CERTIFICATE, key: secretFromConfig('siteKey') } as const;

test('two front doors of one environment cannot have the same host and path', () => {
  const first = site();
  routed(first, { path: '/app/' });
  const second = new ExistingIngress(
    new Chart(first.app, 'Other', { namespace: 'other' }),
    'Door',
    {
      controller: 'other',
      by: { class: 'public' },
      pods: { namespace: 'public' },
    },
  );
  expect(() => second.route(routeTo(first.scope, { path: '/app' }))).toThrow(
    refusal("'www.example.org/app' is already routed by 'Hub'"),
  );
});

test('an object that nobody asked a front door for counts as well, when the plan is made', () => {
  const there = site({ wildcards: ['*.hub.example.org'] });
  routed(there, { path: '/app' }, { name: 'wild', host: '*.hub.example.org' });
  const rules = ['www.example.org', '*.hub.example.org', 'other.example.org'].map((host) => ({
    host,
    http: { paths: [{ path: host.startsWith('www') ? '/app/' : '/' }] },
  }));
  expect(there.app.node.validate()).toEqual([]);
  object(there.scope, 'networking.k8s.io/v1 Ingress own', { spec: { rules } });
  expect(there.app.node.validate()).toEqual([
    "'www.example.org/app' is routed by 'Hub/Route-hub/Route' and by 'Hub/Ingress-own'; give one of them another host or path",
    "'*.hub.example.org/' is routed by 'Hub/Route-wild/Route' and by 'Hub/Ingress-own'; give one of them another host or path",
  ]);
});

test('a host whose TLS ends at the pods has no paths to share', () => {
  const whole = { tls: { mode: 'passthrough' } } as const;
  expect(() => routed(site(), whole, { path: '/app' })).toThrow('is already routed by');
  expect(() => routed(site(), { path: '/app' }, whole)).toThrow('is already routed by');
});

test('it answers which URLs some route serves, for redirect URIs', () => {
  const there = site({ wildcards: ['*.hub.example.org'] });
  routed(there, { path: '/app' }, { name: 'wild', host: '*.hub.example.org' });
  const served = [
    'https://www.example.org/app',
    'https://www.example.org/app/callback?x',
    'https://a.hub.example.org/',
  ];
  const not = [
    'https://www.example.org/application',
    'https://www.example.org/',
    'http://www.example.org/app',
    'https://www.example.org:8443/app',
    'https://hub.example.org/',
    'https://a.b.hub.example.org/',
    'no url',
  ];
  expect(served.filter((url) => !there.door.serves(url))).toEqual([]);
  expect(not.filter((url) => there.door.serves(url))).toEqual([]);
});

test('a public route to something that is kept internal is refused, with the reason', () => {
  const kept = site();
  keepInternal(kept.scope, 'it shows job secrets');
  expect(() => routed(kept, {})).toThrow(
    refusal(
      "'reach' is 'public', but 'hub' is kept internal: it shows job secrets; make the route internal",
    ),
  );
});

test('so is one to a Service that says so by its label', () => {
  const there = site();
  kubeObject(there.scope, 'Admin', 'Service', {
    metadata: { name: 'admin', labels: { 'beamline/reach': 'internal' } },
    spec: { selector: { app: 'hub' }, ports: [{ name: 'http', port: 80 }] },
  });
  expect(() => routed(there, { service: { name: 'admin', port: 'http' } })).toThrow(
    refusal(
      "'reach' is 'public', but 'admin' is kept internal: its Service has the label beamline/reach: internal; make the route internal",
    ),
  );
});

test('a wildcard needs the consent of the front door', () => {
  expect(() => routed(site(), { host: '*.hub.example.org' })).toThrow(
    refusal(
      "'host' takes every name of '*.hub.example.org', which the ingress does not allow (its 'wildcards': none); " +
        'add it there or name one host',
    ),
  );
  expect(() =>
    routed(site({ wildcards: ['*.hub.example.org'] }), { host: '*.example.org' }),
  ).toThrow("(its 'wildcards': *.hub.example.org)");
});

test('a TLS Secret that nobody makes is a problem of the plan', () => {
  const there = site();
  const fields = {
    tls: { mode: 'edge', certificate: { secret: 'hub-tls' } },
    guards: {},
  } as const;
  routed(there, fields);
  expect(there.scope.node.validate()).toEqual([
    "the route 'hub' names the Secret 'hub-tls', which nobody makes in the namespace 'notebooks'; " +
      "make it there, or give 'tls.certificate.publicPart' if somebody else does",
  ]);
  kubeObject(there.scope, 'Tls', 'Secret', { metadata: { name: 'hub-tls' } });
  expect(there.scope.node.validate()).toEqual([]);
});

test('a Secret that somebody else makes is known by its public part, which is checked', () => {
  jest.useFakeTimers({ now: new Date('2027-06-01') });
  const there = site();
  const certificate = { secret: 'hub-tls', publicPart: CERTIFICATE };
  routed(there, { tls: { mode: 'edge', certificate } });
  expect(there.scope.node.validate()).toEqual([]);
  expect(findingsOf(there.scope)).toMatchObject([
    {
      rule: 'edge/certificate-expired',
      reason:
        "the certificate 'hub-tls' of the route 'hub' ended on 2027-01-01: browsers and programs refuse it",
    },
  ]);
  jest.useRealTimers();
  expect(() =>
    routed(site(), { host: 'other.example.org', tls: { mode: 'edge', certificate } }),
  ).toThrow("'other.example.org' is not in the certificate of 'tls.certificate.publicPart'");
});

test('a given certificate must be for every host that shows it', () => {
  expect(() => routed(site({ certificates: given }), { host: 'other.example.org' })).toThrow(
    "'other.example.org' is not in the certificate of 'certificates.chain'",
  );
  const passed = { host: 'other.example.org', tls: { mode: 'passthrough' } } as const;
  expect(routed(site({ certificates: given }), passed).names('Route')).toEqual(['hub']);
});

test('everything that is wrong with a route is said at once', () => {
  const wrong = {
    rewrite: 'cut',
    path: '/a b',
    timeouts: { requestSeconds: 0, websocketSeconds: 2.5 },
    tls: { mode: 'reencrypt', authority: 'none' },
    guards: {
      rate: { perSecond: 0, burst: 1 },
      login: { kind: 'forward', url: 'ftp://x', answerHeaders: [] },
      answerHeaders: { 'strict-transport-security': 'a\nb' },
    },
  } as const;
  expect(() => routed(site(), wrong)).toThrow(
    refusal(
      "'path' must be letters, digits and any of '/._~@:+-', got '/a b'",
      "'rewrite' must begin with '/', got 'cut'",
      "'tls.authority' must be certificates as PEM text, leaf first, got 'none'",
      "'timeouts.requestSeconds' must be whole seconds from 1 to 24 days, got '0'",
      "'timeouts.websocketSeconds' must be whole seconds from 1 to 24 days, got '2.5'",
      "'guards.rate.perSecond' must be a whole number from 1, got '0'",
      "'guards.login.url' must be an http or https URL, got 'ftp://x'",
      "'guards.answerHeaders' must be header names with one line of text each, got 'strict-transport-security'",
      "a Route cannot ask for a 'guards.login'; let the program ask, or use Traefik",
    ),
  );
});

test('where TLS ends at the pods, nothing can be done with requests', () => {
  const fields = {
    path: '/app',
    rewrite: '/',
    sticky: true,
    guards: { rate: { perSecond: 1, burst: 1 } },
    tls: { mode: 'passthrough' },
  } as const;
  expect(() => routed(site(), fields)).toThrow(
    refusal(
      "TLS ends at the pods ('passthrough'), so the ingress sees no request and cannot have 'path', 'rewrite', 'sticky', 'guards'; " +
        "use 'edge' or 'reencrypt'",
    ),
  );
});

test('props that cannot be are refused, all at once', () => {
  const props: OkdRoutesProps = {
    internalNetworks: ['0.0.0.0/0'],
    wildcards: ['hub.example.org'],
    certificates: {
      kind: 'cert-manager',
      issuer: { type: 'acme', server: 'http://acme', email: 'nobody' },
    },
  };
  expect(() => site(props)).toThrow(
    new Error(
      "OkdRoutes 'Edge/Routes' has invalid props:\n" +
        "  - 'internalNetworks' must be networks in CIDR notation, as '192.0.2.0/24', got '0.0.0.0/0'\n" +
        "  - 'wildcards' must be hosts that begin with '*.', as '*.hub.example.org', got 'hub.example.org'\n" +
        "  - 'certificates.issuer.server' must be the https URL of an ACME directory, got 'http://acme'\n" +
        "  - 'certificates.issuer.email' must be an address, got 'nobody'",
    ),
  );
});
