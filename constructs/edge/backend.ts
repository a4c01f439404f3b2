import { ApiObject, Chart } from 'cdk8s';
import type { Service, ServicePort } from 'kubernetes-types/core/v1';

import type { RouteRequest } from '../contracts';

/** What a route leads to. */
export interface Backend {
  readonly service: ApiObject;
  /** Labels of the pods behind the Service. */
  readonly selector: Readonly<Record<string, string>>;
  /** The port that these listen on. */
  readonly port: number | string;
  /** The port of the Service. */
  readonly servicePort: number;
}

/** Finds what a route leads to, in the chart that asks for it. */
export function backendOf({ scope, service }: RouteRequest): Backend | undefined {
  for (const construct of Chart.of(scope).node.findAll()) {
    if (!ApiObject.isApiObject(construct) || construct.kind !== 'Service') continue;
    if (construct.name !== service.name) continue;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any; a Service is one
    const { spec }: Service = construct.toJson();
    const port = spec?.ports?.find(({ name }) => name === service.port);
    if (port !== undefined && spec?.selector !== undefined) {
      return {
        service: construct,
        selector: spec.selector,
        port: podPort(port),
        servicePort: port.port,
      };
    }
  }
  return undefined;
}

function podPort({ port, targetPort }: ServicePort): number | string {
  return targetPort ?? port;
}
