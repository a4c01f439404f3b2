/** Ports that the program listens on, all above 1024. */
export const PORTS = { web: 8000, websecure: 8443, ping: 8080, metrics: 9100 } as const;

/**
 * The static configuration, see https://doc.traefik.io/traefik/v3.6/reference/install-configuration/.
 * No API and no dashboard: without an `--api` flag Traefik has none. Ingresses show the address of the published
 * Service, given as `namespace/name`.
 */
export function staticArguments(className: string, publishedService: string): string[] {
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
    // Load balancers notice a pod that stops through /ping, and a little later.
    '--entrypoints.websecure.transport.lifecycle.requestacceptgracetimeout=10s',
    '--entrypoints.websecure.transport.lifecycle.gracetimeout=30s',
    `--entrypoints.traefik.address=:${PORTS.ping}/tcp`,
    '--ping=true',
    `--entrypoints.metrics.address=:${PORTS.metrics}/tcp`,
    '--metrics.prometheus=true',
    '--metrics.prometheus.entrypoint=metrics',
    '--providers.kubernetesingress=true',
    `--providers.kubernetesingress.ingressclass=${className}`,
    `--providers.kubernetesingress.ingressendpoint.publishedservice=${publishedService}`,
    // '/app' must not answer for '/application'.
    '--providers.kubernetesingress.strictprefixmatching=true',
    '--providers.kubernetescrd=true',
    // Nodes are read by the other provider, for NodePort addresses.
    '--providers.kubernetescrd.disableclusterscoperesources=true',
  ];
}

/** The flags that name the namespaces it reads. Without them it would read every Secret of the cluster. */
export const NAMESPACE_FLAGS = [
  '--providers.kubernetesingress.namespaces',
  '--providers.kubernetescrd.namespaces',
] as const;
