import type { Construct } from 'constructs';
import type { ServicePort, ServiceSpec } from 'kubernetes-types/core/v1';

import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { REACH_LABEL } from '../kit/reach';
import type { Exposure, TraefikProps } from './traefik-props';

/** The Service that the world comes in by. */
export function ingressService(
  scope: Construct,
  name: string,
  part: Part,
  props: TraefikProps,
): void {
  const { exposure, reach = 'public', internalNetworks = [] } = props;
  const sources =
    reach === 'internal' && exposure.type === 'LoadBalancer'
      ? { loadBalancerSourceRanges: [...internalNetworks] }
      : {};
  kubeObject(scope, 'Service', 'Service', {
    metadata: { name, labels: { ...labelsOf(part), [REACH_LABEL]: reach } },
    spec: { ...exposed(exposure), ...sources, selector: selectorOf(part) },
  });
}

/** The Service that metrics are read by, from inside. */
export function metricsService(scope: Construct, name: string, part: Part): void {
  kubeObject(scope, 'Metrics', 'Service', {
    metadata: { name: `${name}-metrics`, labels: labelsOf(part) },
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(part),
      ports: [{ name: 'metrics', port: 9100, targetPort: 'metrics', protocol: 'TCP' }],
    },
  });
}

/** `Local` keeps the address of the client, which the allow list of internal routes judges by. */
function exposed(exposure: Exposure): ServiceSpec {
  switch (exposure.type) {
    case 'LoadBalancer':
      return {
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        ...(exposure.address === undefined ? {} : { loadBalancerIP: exposure.address }),
        ports: ports({}),
      };
    case 'NodePort':
      return { type: 'NodePort', externalTrafficPolicy: 'Local', ports: ports(exposure) };
    case 'HostNetwork':
    case 'ClusterIP':
      return { type: 'ClusterIP', ports: ports({}) };
  }
}

function ports(node: { readonly http?: number; readonly https?: number }): ServicePort[] {
  const port = (
    name: string,
    number: number,
    targetPort: string,
    nodePort?: number,
  ): ServicePort => ({
    name,
    port: number,
    targetPort,
    protocol: 'TCP',
    ...(nodePort === undefined ? {} : { nodePort }),
  });
  return [port('http', 80, 'web', node.http), port('https', 443, 'websecure', node.https)];
}
