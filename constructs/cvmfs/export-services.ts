import type { Construct } from 'constructs';

import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { HEALTH_PORT, NFS_PORT } from './export-pods';
import type { CvmfsExportProps } from './export-props';

/** Adds the one address that clients mount from, the names of the pods, and a load balancer where there is one. */
export function exportServices(scope: Construct, part: Part, props: CvmfsExportProps): void {
  const { clusterIp, loadBalancer } = props.address;
  const labels = labelsOf(part);
  const common = {
    selector: selectorOf(part),
    ports: [{ name: 'nfs', port: NFS_PORT, targetPort: 'nfs', protocol: 'TCP' }],
    // Connections of one session must end at one server.
    sessionAffinity: (props.connections ?? 1) > 1 ? 'ClientIP' : 'None',
  };
  kubeObject(scope, 'Service', 'Service', {
    metadata: { name: part.name, labels },
    spec: { type: 'ClusterIP', clusterIP: clusterIp, ...common },
  });
  // Without the port of NFS: a client that found servers by themselves would trunk them.
  kubeObject(scope, 'Replicas', 'Service', {
    metadata: { name: `${part.name}-replicas`, labels },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: selectorOf(part),
      ports: [{ name: 'health', port: HEALTH_PORT, targetPort: 'health', protocol: 'TCP' }],
    },
  });
  if (loadBalancer === undefined) return;
  kubeObject(scope, 'LoadBalancer', 'Service', {
    metadata: { name: `${part.name}-external`, labels },
    spec: {
      type: 'LoadBalancer',
      loadBalancerIP: loadBalancer.ip,
      loadBalancerSourceRanges: [...loadBalancer.sources],
      externalTrafficPolicy: 'Local', // the servers see who asks
      ...common,
    },
  });
}
