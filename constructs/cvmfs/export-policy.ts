import type { Construct } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { Part } from '../kit/labels';
import { allow, inNamespace, network } from '../kit/network';
import { targetOf } from '../targets';
import { HEALTH_PORT, NFS_PORT } from './export-pods';
import type { CvmfsExportProps } from './export-props';

/**
 * Label that OVN-Kubernetes and OpenShift SDN give what runs in the network of a node, kubelets among it. See
 * https://docs.okd.io/latest/networking/network_security/network_policy/about-network-policy.html
 */
const HOST_NETWORK: NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { 'policy-group.network.openshift.io/host-network': '' } },
};

/** Lets nodes mount, whoever collects metrics read them, and the servers ask proxies. No pod reaches NFS. */
export function exportPolicy(scope: Construct, part: Part, props: CvmfsExportProps): void {
  const { clients, address, repositories } = props;
  const nodes = [
    ...(targetOf(scope).flavour === 'okd' ? [HOST_NETWORK] : []),
    ...clients.nodeNetworks.map(network),
    ...(address.loadBalancer?.sources ?? []).map(network),
  ];
  const readers = (props.monitoringNamespaces ?? []).map(inNamespace);
  allow(scope, 'Allow', {
    name: part.name,
    part,
    from: [
      { peers: nodes, ports: [NFS_PORT] },
      ...(readers.length === 0 ? [] : [{ peers: readers, ports: [HEALTH_PORT] }]),
    ],
    to: [{ peers: 'anyone', ports: repositories.clientPorts }],
  });
}
