import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A host and path that an object answers for. */
interface Claim {
  readonly url: string;
  readonly owner: string;
}

/** An Ingress or a Route, as far as it says what it answers for. */
interface Published {
  readonly spec?: {
    readonly host?: string;
    readonly path?: string;
    readonly wildcardPolicy?: string;
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly { readonly path?: string }[] };
    }[];
  };
}

/**
 * The hosts and paths that two Ingresses or Routes of a tree answer for, one message each: also of objects that nobody asked a front
 * door for. Two answers to one URL are not refused by any API server, and which one wins is the controller's guess.
 */
export function duplicateRoutes(root: IConstruct): string[] {
  const owners = new Map<string, string>();
  return claimsIn(root).flatMap(({ url, owner }) => {
    const other = owners.get(url);
    owners.set(url, other ?? owner);
    return other === undefined || other === owner
      ? []
      : [
          `'${url}' is routed by '${other}' and by '${owner}'; give one of them another host or path`,
        ];
  });
}

function claimsIn(root: IConstruct): Claim[] {
  return root.node.findAll().flatMap((construct) => {
    if (!ApiObject.isApiObject(construct)) return [];
    if (construct.kind !== 'Ingress' && construct.kind !== 'Route') return [];
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any
    const published: Published = construct.toJson();
    return urlsOf(published).map((url) => ({ url, owner: construct.node.path }));
  });
}

function urlsOf({ spec = {} }: Published): string[] {
  const { host, path, wildcardPolicy, rules = [] } = spec;
  const whole = wildcardPolicy === 'Subdomain' ? host?.replace(/^[^.]+/, '*') : host;
  return [
    ...(whole === undefined ? [] : [urlOf(whole, path)]),
    ...rules.flatMap((rule) =>
      (rule.http?.paths ?? []).map((each) => urlOf(rule.host ?? '*', each.path)),
    ),
  ];
}

/** A prefix matches whole segments, so a slash at its end says nothing. */
function urlOf(host: string, path = '/'): string {
  return `${host}${path === '/' ? path : path.replace(/\/+$/, '')}`;
}
