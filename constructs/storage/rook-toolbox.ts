import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { hint } from '../kit/hints';
import type { Part } from '../kit/labels';
import { namespaceOf } from '../kit/objects';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';

/** A pod in which `ceph` works, with the keys of Ceph's administrator: `kubectl exec deploy/rook-ceph-tools -it -- bash`. */
export function toolbox(
  scope: Construct,
  part: Part,
  { consent }: { readonly consent: string },
): ApiObject {
  const namespace = namespaceOf(scope);
  const made = deployment(scope, 'Toolbox', {
    name: 'rook-ceph-tools',
    part: { ...part, component: 'toolbox' },
    replicas: 1,
    serviceAccount: 'rook-ceph-default',
    user: 2016, // "rook" of the image
    fixedUser: true,
    annotations: { 'beamline/consent': consent },
    containers: [
      {
        name: 'tools',
        image: imageRef(IMAGES.rook),
        command: ['/usr/local/bin/toolbox.sh'],
        env: [
          {
            name: 'ROOK_CEPH_USERNAME',
            valueFrom: { secretKeyRef: { name: 'rook-ceph-mon', key: 'ceph-username' } },
          },
        ],
        resources: { cpu: '100m', memory: '128Mi', memoryLimit: '1Gi' },
        probes: {
          readiness: { exempt: 'it waits for somebody to log in' },
          liveness: { exempt: 'it waits for somebody to log in' },
        },
        scratch: { '/etc/ceph': '16Mi', '/tmp': '64Mi' },
        mounts: [
          { name: 'monitors', mountPath: '/etc/rook' },
          { name: 'admin', mountPath: '/var/lib/rook-ceph-mon', readOnly: true },
        ],
      },
    ],
    volumes: [
      {
        name: 'monitors',
        configMap: {
          name: 'rook-ceph-mon-endpoints',
          items: [{ key: 'data', path: 'mon-endpoints' }],
        },
      },
      {
        name: 'admin',
        secret: {
          secretName: 'rook-ceph-mon',
          items: [{ key: 'ceph-secret', path: 'secret.keyring' }],
        },
      },
    ],
  });
  // Rook writes both when the first monitor runs.
  hint(made, {
    external: [
      `${namespace}/secret/rook-ceph-mon`,
      `${namespace}/configmap/rook-ceph-mon-endpoints`,
    ],
  });
  return made;
}
