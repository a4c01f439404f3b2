import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, subjectOf, type Change, type ReviewedObject } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, spelled, touches } from '../look';
import type { Risk, Rule } from '../risk';
import type { World } from '../world';
import { openedNetworks } from '../networks';

/** What stands in front of a program beside its route: certificates and who signs them, middlewares, gateways. */
export const front: Rule = (change, context) => {
  const { group } = subjectOf(change);
  switch (group) {
    case 'cert-manager.io':
      return certificates(change, context);
    case 'traefik.io':
    case 'traefik.containo.us':
      return traefik(change, context);
    case 'gateway.networking.k8s.io':
      return manifestOf(change).kind === 'Gateway' ? gateway(change, context) : [];
    default:
      return [];
  }
};

/** Routes that show a certificate from a Secret. */
function shownBy(
  secret: string | undefined,
  namespace: string | undefined,
  world: World,
): ReviewedObject[] {
  if (secret === undefined) return [];
  return ['Ingress', 'IngressRoute', 'IngressRouteTCP', 'Gateway', 'TLSStore']
    .flatMap((kind) => world.all(kind))
    .filter(
      ({ manifest }) =>
        manifest.metadata.namespace === namespace &&
        new RegExp(
          `"(secretName|name)":${JSON.stringify(secret).replace(/[.*+?^$()|[\]\\]/g, '\\$&')}`,
        ).test(JSON.stringify(manifest['spec'] ?? null)),
    );
}

function certificates(change: Change, { before, after }: Context): Risk[] {
  const { kind, metadata } = manifestOf(change);
  if (kind === 'Issuer' || kind === 'ClusterIssuer') return issuer(change, before, after);
  if (kind !== 'Certificate' || change.operation === 'create') return [];
  const users = shownBy(
    textAt(change.before?.manifest, 'spec', 'secretName'),
    metadata.namespace,
    after,
  );
  const names = (side: ReviewedObject | undefined): Json[] => {
    const list = at(side?.manifest, 'spec', 'dnsNames');
    return isList(list) ? [...list] : [];
  };
  const lost = goes(change)
    ? []
    : names(change.before).filter((name) => !names(change.after).includes(name));
  const moved = touches(change, 'spec.secretName');
  const signed = touches(change, 'spec.issuerRef');
  if (!goes(change) && lost.length === 0 && !moved && !signed) return [];
  return [
    {
      rule: 'certificate-withdrawn',
      severity: users.length > 0 ? 'high' : 'medium',
      why: goes(change)
        ? `nobody renews the certificate any more that ${listed(users.map(called))} shows`
        : lost.length > 0
          ? `the certificate no longer covers ${listed(lost.map(spelled))}; it is shown by ${listed(users.map(called))}`
          : `${moved ? 'the certificate goes into another Secret' : 'somebody else signs the certificate'}; it is shown by ${listed(users.map(called))}`,
      lost: goes(change)
        ? 'encrypted access, on the day it expires'
        : 'access of clients that check names or trust the former authority only',
      instead: goes(change)
        ? 'remove it together with the route'
        : 'make the new one beside it, and switch when clients know it',
    },
  ];
}

function issuer(change: Change, before: World, after: World): Risk[] {
  const { kind, metadata } = manifestOf(change);
  const users = [...before.all('Certificate'), ...before.all('Ingress')].filter(
    ({ manifest, id }) => {
      const annotation =
        kind === 'Issuer' ? 'cert-manager.io/issuer' : 'cert-manager.io/cluster-issuer';
      const named =
        textAt(manifest, 'spec', 'issuerRef', 'name') ??
        textAt(manifest, 'metadata', 'annotations', annotation);
      return named === metadata.name && after.get(id) !== undefined;
    },
  );
  const other = change.operation === 'update' && touches(change, 'spec');
  if (!goes(change) && !other) return [];
  const authority = [
    'spec.acme.server',
    'spec.ca',
    'spec.vault',
    'spec.selfSigned',
    'spec.venafi',
  ].some((path) => touches(change, path));
  return [
    {
      rule: goes(change) ? 'issuer-gone' : 'issuer-changed',
      severity: users.length > 0 && (goes(change) || authority) ? 'high' : 'medium',
      why: goes(change)
        ? `nobody signs for ${listed(users.map(called))} any more`
        : `certificates of ${listed(users.map(called))} are asked for in another way${authority ? ', and signed by another authority' : ''}`,
      lost: 'encrypted access that clients trust, at the next renewal',
      instead: 'make a second issuer, and move one certificate to it first',
    },
  ];
}

function traefik(change: Change, { after }: Context): Risk[] {
  const { kind, metadata } = manifestOf(change);
  if (!/^(Middleware|MiddlewareTCP|TLSOption|ServersTransport|ServersTransportTCP)$/.test(kind))
    return [];
  if (change.operation === 'create') return [];
  const named = (world: World): ReviewedObject[] =>
    ['Ingress', 'IngressRoute', 'IngressRouteTCP'].flatMap((of) =>
      world.all(of).filter(({ manifest }) => {
        const text = JSON.stringify(manifest);
        return (
          text.includes(`"name":"${metadata.name}"`) ||
          text.includes(`${metadata.name}@kubernetescrd`)
        );
      }),
    );
  const users = named(after).map(called);
  if (goes(change)) {
    if (users.length === 0) return [];
    return [
      {
        rule: 'middleware-gone',
        severity: 'high',
        why: `${listed(users)} still names it, and Traefik does not serve a route whose ${kind} is missing`,
        lost: 'access through these routes',
        instead: 'take it out of the routes first, and keep a login in front of them',
      },
    ];
  }
  const looser = kind === 'ServersTransport' ? trustsAll(change) : isLooser(change);
  if (!looser) return [];
  return [
    {
      rule: 'route-unguarded',
      severity: 'high',
      why: `it lets more through than before; it stands in front of ${listed(users)}`,
      lost: 'the login, the address filter or the encryption that it was',
      instead: 'name the networks and people that need access',
    },
  ];
}

function trustsAll(change: Change): boolean {
  const [was, will] = beforeAndAfter(change, 'spec', 'insecureSkipVerify');
  return was !== true && will === true;
}

/** Whether a guard of a middleware goes, or its list of networks grows by all. */
function isLooser(change: Change): boolean {
  const [was, will] = beforeAndAfter(change, 'spec');
  if (!isObject(was) || !isObject(will)) return true;
  const guards = Object.keys(was).filter((key) =>
    /auth|allow|whitelist|limit|tls|scheme|minVersion|cipher/i.test(key),
  );
  if (guards.some((key) => will[key] === undefined)) return true;
  const lists = [was, will].map((side) => networksIn(side));
  const { wide, narrow } = openedNetworks(lists[0] ?? [], lists[1] ?? []);
  if (wide.length > 0 || narrow.length > 4) return true;
  return change.fields.some(({ path }) =>
    path.some((part) => /auth|users|minVersion|trustForwardHeader|insecure/i.test(part)),
  );
}

/** The networks that a middleware lets in. */
function networksIn(spec: Json): string[] {
  return ['ipAllowList', 'ipWhiteList'].flatMap((name) => {
    const list = at(spec, name, 'sourceRange');
    return isList(list) ? list.map(spelled) : [];
  });
}

function gateway(change: Change, { before, after }: Context): Risk[] {
  if (change.operation === 'create') return [];
  const { name } = manifestOf(change).metadata;
  const names = (side: ReviewedObject | undefined): string[] =>
    objectsAt(side?.manifest, 'spec', 'listeners').map(
      (listener) =>
        `${textAt(listener, 'protocol') ?? ''} ${spelled(listener['port'])} ${textAt(listener, 'hostname') ?? '*'}`,
    );
  const lost = names(change.before).filter(
    (listener) => goes(change) || !names(change.after).includes(listener),
  );
  const plain = names(change.after).some(
    (listener) => /^HTTP /.test(listener) && !names(change.before).includes(listener),
  );
  const moved = touches(change, 'spec.gatewayClassName') && change.operation === 'update';
  if (lost.length === 0 && !moved && !plain) return [];
  const routes = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']
    .flatMap((kind) => (goes(change) ? before : after).all(kind))
    .filter(({ manifest }) =>
      objectsAt(manifest, 'spec', 'parentRefs').some((parent) => parent['name'] === name),
    );
  return [
    {
      rule: 'gateway-closed',
      severity: 'high',
      why: `${lost.length > 0 ? `nobody listens on ${listed(lost)} any more` : moved ? 'another controller serves it, under another address' : 'it also listens without encryption'}; routes: ${listed(routes.map(called))}`,
      lost: 'access for everybody outside, or its encryption',
      instead: 'add the new listener first, move the routes, then remove the old one',
    },
  ];
}
