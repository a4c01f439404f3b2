import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import type { Part } from '../kit/labels';
import { statefulSet } from '../kit/stateful-set';
import { imageRef, IMAGES } from '../versions';
import { field } from './csi-containers';
import { GRACE_SECONDS, LEASE_SECONDS, type NfsServerProps } from './nfs-server-props';

/** Every port that the program wants its Service to have, NFS 3 or not (`getServer` in `pkg/volume/provision.go`). */
export const PORTS = {
  nfs: 2049,
  nlockmgr: 32803,
  mountd: 20048,
  rquotad: 875,
  rpcbind: 111,
  statd: 662,
} as const;

const CONFIG = '/export/vfs.conf'; // where the program keeps it, with a block for each volume

/** What the pod is made of. */
export interface NfsServerPod {
  readonly name: string;
  readonly part: Part;
  readonly provisioner: string;
  readonly claimName: string;
  readonly capabilities: readonly string[];
  readonly props: NfsServerProps;
}

/** The server and the provisioner, one program. */
export function nfsServerPod(scope: Construct, pod: NfsServerPod): ApiObject {
  const { name, part, props } = pod;
  const grace = props.graceSeconds ?? GRACE_SECONDS;
  const lease = props.leaseSeconds ?? LEASE_SECONDS;
  const image = imageRef(IMAGES.nfsServerProvisioner);
  const data = { name: 'export', mountPath: '/export' };
  const asRoot = {
    exempt: `it keeps files of every user; accepted as: ${props.consent}`,
    context: { capabilities: { drop: ['ALL'], add: [...pod.capabilities] } },
  };
  const alive = { exec: { command: ['rpcinfo', '-t', '127.0.0.1', 'nfs', '4'] } };
  return statefulSet(scope, 'Server', {
    name,
    part,
    replicas: 1,
    service: name,
    serviceAccount: name,
    usesApi: true,
    root: { exempt: asRoot.exempt },
    graceSeconds: 100,
    initContainers: [
      {
        name: 'lease',
        image,
        command: ['/bin/sh', '-c', LEASE_SCRIPT, 'lease', String(grace), String(lease)],
        resources: { cpu: '10m', memory: '32Mi' },
        mounts: [data],
      },
    ],
    containers: [
      {
        name: 'server',
        image,
        args: [
          `-provisioner=${pod.provisioner}`,
          `-grace-period=${grace}`,
          ...(props.mostClaims === undefined ? [] : [`-max-exports=${props.mostClaims}`]),
          // The device numbers of a claim's volume change when it moves to another node.
          '-device-based-fsids=false',
        ],
        env: [
          field('POD_IP', 'status.podIP'),
          { name: 'SERVICE_NAME', value: name },
          field('POD_NAMESPACE', 'metadata.namespace'),
        ],
        ports: PORTS,
        resources: props.resources ?? { cpu: '500m', memory: '512Mi', memoryLimit: '2Gi' },
        elevated: asRoot,
        writableRoot: { exempt: 'rpcbind, D-Bus and Ganesha write below /run and /var' },
        probes: {
          readiness: { ...alive, periodSeconds: 10, timeoutSeconds: 5 },
          liveness: { ...alive, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
          startup: { ...alive, periodSeconds: 5, failureThreshold: 60 },
        },
        mounts: [data],
      },
    ],
    volumes: [{ name: 'export', persistentVolumeClaim: { claimName: pod.claimName } }],
  });
}

/**
 * Puts the lease time into Ganesha's configuration: the program writes that only when there is none, and afterwards
 * changes the grace time alone. The pseudo root is what NFS 4 clients see above the volumes.
 */
const LEASE_SCRIPT = `set -eu
if [ ! -e ${CONFIG} ]; then
  cat > ${CONFIG}.new <<END
EXPORT {
  Export_Id = 0;
  Path = /;
  Pseudo = /;
  Protocols = 4;
  Access_Type = MDONLY_RO;
  Filesystem_Id = 152.152;
  FSAL { Name = PSEUDO; }
}
NFS_Core_Param
{
\tMNT_Port = 20048;
\tNLM_Port = 32803;
\tfsid_device = false;
}
NFSV4
{
\tGrace_Period = $1;
\tLease_Lifetime = $2;
}
END
  mv ${CONFIG}.new ${CONFIG}
elif grep -q 'Lease_Lifetime' ${CONFIG}; then
  sed -i "s/Lease_Lifetime = [0-9]*;/Lease_Lifetime = $2;/" ${CONFIG}
else
  sed -i "s/^\\(.*\\)Grace_Period = \\(.*\\)$/\\1Grace_Period = \\2\\n\\1Lease_Lifetime = $2;/" ${CONFIG}
fi
`;
