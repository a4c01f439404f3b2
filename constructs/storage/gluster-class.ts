import type { Construct } from 'constructs';

import type { Part } from '../kit/labels';
import { namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { credentialsSecret } from './credentials';
import {
  glusterClassProblems,
  type GlusterClassProps,
  type GlusterVolumeType,
} from './gluster-props';
import { storageClass } from './storage-class';
import { SharedClass } from './volume-class';

/**
 * Gluster volumes made on demand by heketi, through the driver that Kubernetes had built in up to 1.25. For clusters
 * that still have it, on their way to Ceph: `beamline migrate storage`.
 */
export class GlusterClass extends SharedClass {
  public readonly className: string;
  public readonly expandable: boolean;
  public readonly snapshotClassName = undefined;

  constructor(scope: Construct, id: string, props: GlusterClassProps) {
    super(scope, id);
    rejectInvalid(this, glusterClassProblems(targetOf(this), props));

    this.className = props.className;
    this.expandable = props.expandable ?? true;
    const part: Part = {
      name: 'glusterfs',
      instance: props.className,
      component: 'class',
      partOf: 'storage',
    };
    const { heketi } = props;
    const secret = credentialsSecret(this, 'Key', heketi.key, {
      name: `heketi-${props.className}`,
      part,
      type: 'kubernetes.io/glusterfs', // the driver reads no other
      data: (key) => ({ key }),
    });
    storageClass(this, 'Class', props, {
      part,
      provisioner: 'kubernetes.io/glusterfs',
      parameters: {
        resturl: heketi.url,
        restauthenabled: 'true',
        restuser: heketi.user,
        secretNamespace: namespaceOf(this),
        secretName: secret.name,
        volumetype: volumeTypeText(props.volumes ?? { kind: 'replicate', copies: 3 }),
        ...(heketi.clusters === undefined ? {} : { clusterid: heketi.clusters.join(',') }),
        ...(props.groups === undefined
          ? {}
          : { gidMin: String(props.groups.lowest), gidMax: String(props.groups.highest) }),
      },
    });
  }
}

function volumeTypeText(type: GlusterVolumeType): string {
  switch (type.kind) {
    case 'replicate':
      return `replicate:${type.copies}`;
    case 'disperse':
      return `disperse:${type.data}:${type.redundancy}`;
    case 'none':
      return 'none';
  }
}
