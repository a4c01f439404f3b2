import type { ImagePins } from './pin';

/**
 * Images of the CVMFS tier. Those of the driver are what its chart v2.5.2 names
 * (https://github.com/cvmfs-contrib/cvmfs-csi, deployments/helm/cvmfs-csi/values.yaml). The export server is built by
 * the site from `images/` and named in its environment.
 */
export const CVMFS_IMAGES = {
  squid: { repository: 'docker.io/ubuntu/squid', tag: '6.6-24.04_edge' },
  // https://github.com/docker-library/official-images/blob/master/library/varnish
  varnish: { repository: 'docker.io/library/varnish', tag: '7.7.3' },
  squidExporter: { repository: 'docker.io/boynux/squid-exporter', tag: 'v1.13.0' },
  cvmfsCsi: { repository: 'registry.cern.ch/kubernetes/cvmfs-csi', tag: 'v2.5.2' },
  cvmfsCsiRegistrar: {
    repository: 'registry.k8s.io/sig-storage/csi-node-driver-registrar',
    tag: 'v2.10.1',
  },
  cvmfsCsiProvisioner: {
    repository: 'registry.k8s.io/sig-storage/csi-provisioner',
    tag: 'v4.0.1',
  },
} as const satisfies ImagePins;
