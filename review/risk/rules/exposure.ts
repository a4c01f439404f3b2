import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change, type ReviewedObject } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import { openedNetworks } from '../networks';
import { routesTo } from './services';

/** Names under which the world reaches something. */
export const exposure: Rule = (change, context) => {
  switch (manifestOf(change).kind) {
    case 'Ingress':
    case 'Route':
    case 'HTTPRoute':
    case 'IngressRoute':
      return goes(change)
        ? [gone(change)]
        : [...opened(change, context), ...hosts(change), ...guards(change), ...encryption(change)];
    case 'IngressClass':
      return goes(change) ? [classGone(change, context)] : [];
    default:
      return [];
  }
};

function hostsOf(object: ReviewedObject | undefined): string[] {
  if (object === undefined) return [];
  const { manifest } = object;
  const rules = objectsAt(manifest, 'spec', 'rules').map((rule) => textAt(rule, 'host') ?? '*');
  const names = at(manifest, 'spec', 'hostnames');
  const matches = objectsAt(manifest, 'spec', 'routes').flatMap((route) =>
    Array.from(
      (textAt(route, 'match') ?? '').matchAll(/Host\(`([^`]+)`\)/g),
      ([, host = '']) => host,
    ),
  );
  const host = textAt(manifest, 'spec', 'host');
  return [
    ...new Set([
      ...rules,
      ...matches,
      ...(Array.isArray(names) ? names.map(String) : []),
      ...(host === undefined ? [] : [host]),
    ]),
  ];
}

function gone(change: Change): Risk {
  const anew = change.operation === 'replace';
  return {
    rule: 'route-deleted',
    severity: 'high',
    why: `${listed(hostsOf(change.before))} can no longer be reached${anew ? ' until it is made anew' : ''}`,
    lost: 'access for everybody outside',
    instead: anew ? 'keep the name of the object' : 'announce it, or redirect the name first',
  };
}

/** The Services that a route leads to. */
function targets(object: ReviewedObject | undefined, { after }: Context): ReviewedObject[] {
  return object === undefined
    ? []
    : after
        .all('Service')
        .filter((service) => routesTo(service, after).some(({ id }) => id === object.id));
}

function opened(change: Change, context: Context): Risk[] {
  const { before } = context;
  const fresh = targets(change.after, context).filter((service) => {
    const was = before.get(service.id);
    return was === undefined ? change.operation === 'create' : routesTo(was, before).length === 0;
  });
  if (fresh.length === 0) return [];
  const inside = fresh.filter(({ id }) => before.get(id) !== undefined);
  return [
    {
      rule: 'service-published',
      severity: inside.length > 0 ? 'high' : 'medium',
      why: `${listed(fresh.map(called))} can be reached as ${listed(hostsOf(change.after))}${inside.length > 0 ? '; so far it was inside the cluster only' : ''}`,
      lost: inside.length > 0 ? 'the protection that it had by not being reachable' : 'nothing',
      instead: 'make sure that it asks who is there before it answers',
    },
  ];
}

function hosts(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = [hostsOf(change.before), hostsOf(change.after)];
  const lost = was.filter((host) => !will.includes(host));
  const paths = (object: ReviewedObject | undefined): string[] =>
    objectsAt(object?.manifest, 'spec', 'rules').flatMap((rule) =>
      objectsAt(rule, 'http', 'paths').map(
        (path) => `${textAt(rule, 'host') ?? '*'}${textAt(path, 'path') ?? '/'}`,
      ),
    );
  const cut = paths(change.before).filter(
    (path) => !paths(change.after).includes(path) && !lost.some((host) => path.startsWith(host)),
  );
  const risks: Risk[] = [];
  if (lost.length > 0 || cut.length > 0) {
    risks.push({
      rule: 'route-name-removed',
      severity: 'high',
      why: `${listed([...lost, ...cut])} can no longer be reached`,
      lost: 'bookmarks, certificates and clients that know the name',
      instead: 'serve both names for a while',
    });
  }
  const wild = will.filter((host) => host.startsWith('*') && !was.includes(host));
  if (wild.length > 0) {
    risks.push({
      rule: 'route-catches-all',
      severity: 'high',
      why: `it now answers for every name that ${listed(wild)} covers`,
      lost: 'requests that are meant for others',
      instead: 'name the host',
    });
  }
  return risks;
}

/** Annotations that decide who may come in. */
const GUARDS =
  /(whitelist|allowlist|allow-list|ip_whitelist|source-range|auth-(url|type|secret|signin|tls)|router\.middlewares|limit-rps|limit-connections|rate-limit|enable-modsecurity)/i;

function guards(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = beforeAndAfter(change, 'metadata', 'annotations');
  const lost = Object.entries(isObject(was) ? was : {}).flatMap(([key, value]) => {
    if (!GUARDS.test(key)) return [];
    const now = at(will, key);
    return now === undefined || isWider(value, now) ? [key] : [];
  });
  const middlewares = (object: ReviewedObject | undefined): number =>
    objectsAt(object?.manifest, 'spec', 'routes').reduce(
      (sum, route) => sum + objectsAt(route, 'middlewares').length,
      0,
    );
  if (middlewares(change.after) < middlewares(change.before)) lost.push('middlewares');
  if (lost.length === 0) return [];
  return [
    {
      rule: 'route-unguarded',
      severity: 'high',
      why: `${listed(lost)} no longer limits who gets to ${listed(hostsOf(change.after))}`,
      lost: 'the login or the address filter in front of it',
      instead: 'keep it, or make sure that the program behind asks itself',
    },
  ];
}

function guardsIn(middlewares: readonly string[]): number {
  const guards = middlewares.filter((name) =>
    /auth|login|allow|internal|oidc|limit|deny/i.test(name),
  );
  return guards.length === 0 ? middlewares.length / 100 : guards.length;
}

/** Whether a list of networks or middlewares lets in more than before: everything, or fewer stations to pass. */
function isWider(was: Json | undefined, will: Json): boolean {
  const [before, after] = [was, will].map((list) =>
    spelled(list)
      .split(/[\s,]+/)
      .filter(Boolean),
  );
  if (before === undefined || after === undefined) return false;
  const networks = [...before, ...after].every((item) => /^[\d.:a-f]+(\/\d+)?$/i.test(item));
  if (networks && openedNetworks(before, after).wide.length > 0) return true;
  return spelled(will).includes('@') && guardsIn(after) < guardsIn(before);
}

function encryption(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [tls, left] = beforeAndAfter(change, 'spec', 'tls');
  const policy = ['spec', 'tls', 'insecureEdgeTerminationPolicy'] as const;
  const [was, will] = beforeAndAfter(change, ...policy);
  const off =
    tls !== undefined && (left === undefined || (Array.isArray(left) && left.length === 0));
  const allowed = was !== will && will === 'Allow';
  const [ending, ends] = beforeAndAfter(change, 'spec', 'tls', 'termination');
  const weaker = ending !== undefined && ending !== 'edge' && ends === 'edge';
  if (!off && !allowed && !weaker) return [];
  return [
    {
      rule: 'route-unencrypted',
      severity: 'high',
      why: weaker
        ? 'encryption ends at the router: between the router and the pod everything is in clear'
        : `passwords and cookies for ${listed(hostsOf(change.after))} travel in clear${allowed ? ' when somebody asks over plain HTTP' : ''}`,
      lost: 'confidentiality',
      instead: 'keep TLS, with a redirect from plain HTTP',
    },
  ];
}

function classGone(change: Change, { after }: Context): Risk {
  const { name } = manifestOf(change).metadata;
  const users = after.usersOf(objectId(undefined, 'networking.k8s.io', 'IngressClass', name));
  return {
    rule: 'ingress-class-gone',
    severity: users.length > 0 || change.operation === 'replace' ? 'high' : 'medium',
    why: `the controller stops serving every Ingress of class '${name}': ${listed(users.map(called))}`,
    lost: 'access through them',
    instead: 'move the Ingresses to another class first',
  };
}
