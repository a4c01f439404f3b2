import { later } from '../kit/later';

/** Ports that the program listens on, all above 1024. */
export const PORTS = { web: 8000, websecure: 8443, ping: 8080, metrics: 9100 } as const;

/** What the arguments depend on. */
export interface ArgumentsProps {
  readonly className: string;
  /** Namespace and name of the Service whose address Ingresses show; undefined where nodes are the address. */
  readonly publishedService: string | undefined;
  readonly dashboard: boolean;
  readonly trustedProxies: readonly string[];
  /** The namespaces it reads, once all are known. Without them it would read every Secret of the cluster. */
  readonly namespaces: () => readonly string[];
  /** Seconds that the slowest request may take to come in, once all are known. */
  readonly requestSeconds: () => number;
}

/**
 * The static configuration, see https://doc.traefik.io/traefik/v3.6/reference/install-configuration/.
 * Without an `--api` flag Traefik has neither API nor dashboard.
 */
export function staticArguments(props: ArgumentsProps): string[] {
  const served = (): string => props.namespaces().join(',');
  return [
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
    '--log.level=INFO',
    '--log.format=json',
    '--accesslog=true',
    '--accesslog.format=json',
    `--entrypoints.web.address=:${PORTS.web}/tcp`,
    // The port that clients see, not the one of the container.
    '--entrypoints.web.http.redirections.entrypoint.to=:443',
    '--entrypoints.web.http.redirections.entrypoint.scheme=https',
    `--entrypoints.websecure.address=:${PORTS.websecure}/tcp`,
    '--entrypoints.websecure.http.tls=true',
    // Reading a request, upload and all. Its own 60 s cut off the push of a large image; websockets are not counted.
    later(
      () =>
        `--entrypoints.websecure.transport.respondingtimeouts.readtimeout=${props.requestSeconds()}s`,
    ),
    // Load balancers notice a pod that stops through /ping, and a little later.
    '--entrypoints.websecure.transport.lifecycle.requestacceptgracetimeout=10s',
    '--entrypoints.websecure.transport.lifecycle.gracetimeout=30s',
    ...(props.trustedProxies.length === 0
      ? []
      : ['web', 'websecure'].map(
          (name) =>
            `--entrypoints.${name}.proxyprotocol.trustedips=${props.trustedProxies.join(',')}`,
        )),
    `--entrypoints.traefik.address=:${PORTS.ping}/tcp`,
    '--ping=true',
    ...(props.dashboard ? ['--api.dashboard=true', '--api.insecure=false'] : []),
    `--entrypoints.metrics.address=:${PORTS.metrics}/tcp`,
    '--metrics.prometheus=true',
    '--metrics.prometheus.entrypoint=metrics',
    '--providers.kubernetesingress=true',
    `--providers.kubernetesingress.ingressclass=${props.className}`,
    ...(props.publishedService === undefined
      ? []
      : [
          `--providers.kubernetesingress.ingressendpoint.publishedservice=${props.publishedService}`,
        ]),
    // '/app' must not answer for '/application'.
    '--providers.kubernetesingress.strictprefixmatching=true',
    '--providers.kubernetescrd=true',
    // Nodes are read by the other provider, for NodePort addresses.
    '--providers.kubernetescrd.disableclusterscoperesources=true',
    later(() => `--providers.kubernetesingress.namespaces=${served()}`),
    later(() => `--providers.kubernetescrd.namespaces=${served()}`),
  ];
}
