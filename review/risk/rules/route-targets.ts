import { at, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change, type ReviewedObject } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, goes, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';

/** Whether an Ingress or a Route leads anywhere, and who serves it. */
export const routeTargets: Rule = (change, context) => {
  const { kind } = manifestOf(change);
  if (kind !== 'Ingress' && kind !== 'Route') return [];
  if (goes(change) || change.operation !== 'update') return [];
  return kind === 'Route'
    ? [...nowhere(change, context), ...portless(change, context), ...otherEnd(change)]
    : [...nowhere(change, context), ...byAnother(change), ...exact(change)];
};

interface Backend {
  readonly service: string;
  /** Name or number. */
  readonly port: Json | undefined;
}

function backendsOf(object: ReviewedObject | undefined): Backend[] {
  const manifest = object?.manifest;
  const to = textAt(manifest, 'spec', 'to', 'name');
  const paths = objectsAt(manifest, 'spec', 'rules').flatMap((rule) =>
    objectsAt(rule, 'http', 'paths').map((path) => path['backend']),
  );
  const found = [at(manifest, 'spec', 'defaultBackend'), ...paths].flatMap((backend): Backend[] => {
    const service = textAt(backend, 'service', 'name');
    const port = at(backend, 'service', 'port');
    return service === undefined ? [] : [{ service, port: at(port, 'name') ?? at(port, 'number') }];
  });
  // The port of a Route is the name or number of the target: its Service's port or its pods'.
  const route = to === undefined ? [] : [{ service: to, port: undefined }];
  return [...found, ...route];
}

function nowhere(change: Change, { before, after }: Context): Risk[] {
  const { namespace } = manifestOf(change).metadata;
  const known = new Set(
    backendsOf(change.before).map(({ service, port }) => `${service}:${spelled(port)}`),
  );
  const lost = backendsOf(change.after).flatMap(({ service, port }) => {
    const id = objectId(namespace, '', 'Service', service);
    const object = after.get(id);
    const called = `Service ${service}${port === undefined ? '' : ` (${spelled(port)})`}`;
    if (known.has(`${service}:${spelled(port)}`) && before.get(id) === undefined) return [];
    if (object === undefined) return [called];
    const open = objectsAt(object.manifest, 'spec', 'ports').flatMap((own) => [
      own['name'],
      own['port'],
    ]);
    return port === undefined || open.includes(port) ? [] : [called];
  });
  if (lost.length === 0) return [];
  return [
    {
      rule: 'route-leads-nowhere',
      severity: 'high',
      why: `it now leads to ${listed([...new Set(lost)])}, which the plan does not have`,
      lost: 'access: whoever comes is told that there is no service (503)',
      instead: 'compare with the names and ports of the Services in the namespace',
    },
  ];
}

/** The port of a Route is the name of one of its Service's ports, or the number or name that this leads to. */
function portless(change: Change, { after }: Context): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'port', 'targetPort');
  const { namespace } = manifestOf(change).metadata;
  const name = textAt(change.after?.manifest, 'spec', 'to', 'name') ?? '';
  const service = after.get(objectId(namespace, '', 'Service', name))?.manifest;
  if (will === undefined || will === was || service === undefined) return [];
  const ports = objectsAt(service, 'spec', 'ports').flatMap((port) => [
    port['name'],
    port['targetPort'] ?? port['port'],
  ]);
  if (ports.includes(will)) return [];
  return [
    {
      rule: 'route-leads-nowhere',
      severity: 'high',
      why: `it now leads to port ${spelled(will)} of Service ${name}, which has ${listed(ports.filter((port) => port !== undefined).map(spelled))}`,
      lost: 'access: whoever comes is told that there is no service (503)',
      instead: 'name a port of the Service',
    },
  ];
}

/** Where TLS ends. The program behind has to end it itself, or must no longer. */
function otherEnd(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'tls', 'termination');
  if (was === undefined || will === undefined || was === will) return [];
  return [
    {
      rule: 'route-ends-elsewhere',
      severity: 'high',
      why: `TLS ends ${will === 'edge' ? 'at the router, which talks to the program in the clear' : will === 'passthrough' ? 'in the program, which the router passes everything on to' : 'at the router, which begins it anew to the program'}: a program that was behind '${spelled(was)}' does not answer that, unless it changes with it`,
      lost: 'access, if the program does not follow',
      instead: 'make a second Route with another host, and try it there',
    },
  ];
}

function byAnother(change: Change): Risk[] {
  const classOf = (object: ReviewedObject | undefined): string =>
    textAt(object?.manifest, 'spec', 'ingressClassName') ??
    textAt(object?.manifest, 'metadata', 'annotations', 'kubernetes.io/ingress.class') ??
    '';
  const [was, will] = [classOf(change.before), classOf(change.after)];
  if (was === will) return [];
  return [
    {
      rule: 'route-moves',
      severity: 'high',
      why: `it is served by '${will === '' ? 'the default class' : will}' instead of '${was === '' ? 'the default class' : was}': another controller with another address, which does not know the former one's annotations`,
      lost: 'access, until DNS leads there; guards that the annotations set',
      instead: 'serve it by both under two objects, move DNS, then remove the old one',
    },
  ];
}

function exact(change: Change): Risk[] {
  const paths = (object: ReviewedObject | undefined): Map<string, string> =>
    new Map(
      objectsAt(object?.manifest, 'spec', 'rules').flatMap((rule) =>
        objectsAt(rule, 'http', 'paths').map((path) => [
          `${textAt(rule, 'host') ?? '*'}${textAt(path, 'path') ?? '/'}`,
          textAt(path, 'pathType') ?? '',
        ]),
      ),
    );
  const now = paths(change.after);
  const cut = [...paths(change.before)].filter(
    ([path, type]) => type !== 'Exact' && now.get(path) === 'Exact',
  );
  if (cut.length === 0) return [];
  return [
    {
      rule: 'route-name-removed',
      severity: 'high',
      why: `only ${listed(cut.map(([path]) => path))} itself is served from now on, and nothing below it`,
      lost: 'every other page',
      instead: 'keep the path type Prefix',
    },
  ];
}
