import { at, isList, objectsAt, textAt } from '../../plan/json';
import type { Json, Manifest } from '../../plan/model';
import { spelled } from '../risk/look';
import { isHost, isNetwork, isPort, isPortName, repeated } from './words';

export function serviceProblems(manifest: Manifest): string[] {
  const ports = objectsAt(manifest, 'spec', 'ports');
  const type = textAt(manifest, 'spec', 'type') ?? 'ClusterIP';
  const headless = textAt(manifest, 'spec', 'clusterIP') === 'None';
  const names = ports.flatMap((port) => textAt(port, 'name') ?? []);
  const places = ports.map(
    (port) => `${textAt(port, 'protocol') ?? 'TCP'} ${spelled(port['port'])}`,
  );
  return [
    ...(ports.length === 0 && type !== 'ExternalName' && !headless ? ['it has no port'] : []),
    ...(ports.length > 1 && names.length < ports.length
      ? ['of several ports each needs a name']
      : []),
    ...repeated(names).map((name) => `two ports are called '${name}'`),
    ...repeated(places).map((place) => `it has ${place} twice`),
    ...ports.flatMap((port) => [...outside(port['port']), ...outside(port['targetPort'])]),
    ...ports.flatMap(({ nodePort }) =>
      typeof nodePort === 'number' && nodePort !== 0 && (nodePort < 30_000 || nodePort > 32_767)
        ? [`port ${nodePort} of the nodes is not in 30000-32767, which API servers have by default`]
        : [],
    ),
    ...(type !== 'LoadBalancer' && at(manifest, 'spec', 'loadBalancerSourceRanges') !== undefined
      ? [`only a LoadBalancer has loadBalancerSourceRanges, not a ${type}`]
      : []),
    ...(headless && type !== 'ClusterIP'
      ? [`a ${type} cannot be without an address of the cluster`]
      : []),
    ...(type === 'ExternalName' && !isHost(textAt(manifest, 'spec', 'externalName') ?? '')
      ? ['its externalName is no host']
      : []),
  ];
}

function outside(port: Json | undefined): string[] {
  if (typeof port === 'number') return isPort(port) ? [] : [`there is no port ${port}`];
  return typeof port === 'string' && !isPortName(port) && !/^\d+$/.test(port)
    ? [`'${port}' cannot be the name of a port`]
    : [];
}

export function ingressProblems(manifest: Manifest): string[] {
  const rules = objectsAt(manifest, 'spec', 'rules');
  const hosts = rules.flatMap((rule) => textAt(rule, 'host') ?? []);
  const paths = rules.flatMap((rule) => objectsAt(rule, 'http', 'paths'));
  return [
    ...hosts.filter((host) => !isHost(host)).map((host) => `'${host}' is no host`),
    ...paths.flatMap((path) => {
      const text = textAt(path, 'path') ?? '';
      const type = textAt(path, 'pathType');
      if (type === undefined) return [`path '${text}' has no pathType`];
      return type !== 'ImplementationSpecific' && !text.startsWith('/')
        ? [`path '${text}' does not begin with '/'`]
        : [];
    }),
  ];
}

export function policyProblems(manifest: Manifest): string[] {
  const rules = [
    ...objectsAt(manifest, 'spec', 'ingress'),
    ...objectsAt(manifest, 'spec', 'egress'),
  ];
  const ports = rules.flatMap((rule) => objectsAt(rule, 'ports'));
  const blocks = rules
    .flatMap((rule) => [...objectsAt(rule, 'from'), ...objectsAt(rule, 'to')])
    .flatMap((peer) => {
      const except = at(peer, 'ipBlock', 'except');
      return [
        textAt(peer, 'ipBlock', 'cidr') ?? [],
        isList(except) ? except.map(spelled) : [],
      ].flat();
    });
  return [
    ...ports.flatMap(({ port }) => outside(port)),
    ...ports
      .filter(({ port, endPort }) => endPort !== undefined && !(Number(endPort) >= Number(port)))
      .map(
        ({ port, endPort }) =>
          `its ports end (${spelled(endPort)}) before they begin (${spelled(port)})`,
      ),
    ...blocks.filter((block) => !isNetwork(block)).map((block) => `'${block}' is no network`),
  ];
}
