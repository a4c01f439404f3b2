import { Construct, type IDependable } from 'constructs';

import type { IFileShare } from '../contracts';
import { hint } from '../kit/hints';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { userNamespaceProblems } from './consumers';
import type { CvmfsExport } from './export';
import { mountOptionProblems, mountOptions } from './mount-options';
import { mountOf } from './repository';

/** Which repository is shared with a namespace. */
export interface CvmfsShareProps {
  readonly tier: CvmfsExport;
  /** Fully qualified name of a repository of the tier's catalogue. */
  readonly repository: string;
  /**
   * Name of the claim.
   *
   * @default - `cvmfs-` and the repository's name with '-' for '.'
   */
  readonly claimName?: string;
  /**
   * Further mount options of NFS. What the tier depends on is always set.
   *
   * @default []
   */
  readonly mountOptions?: readonly string[];
}

const SIZE = '1Mi'; // nothing is stored; the API server wants a number

/**
 * One repository for the pods of one namespace: a volume that nodes mount from the tier, and the claim that pods name.
 * Pods need no right and no privilege, but the user namespace of their node.
 */
export class CvmfsShare extends Construct implements IFileShare {
  public readonly claimName: string;
  public readonly readOnly = true;
  public readonly userNamespaces = false;
  public readonly ready: IDependable = this;
  /** Where programs expect the files: `/cvmfs/<repository>`. */
  public readonly mountPath: string;
  /** Address of the tier. */
  public readonly server: string;

  constructor(scope: Construct, id: string, props: CvmfsShareProps) {
    super(scope, id);
    const namespace = namespaceOf(this);
    this.claimName = props.claimName ?? `cvmfs-${props.repository.replaceAll('.', '-')}`;
    this.mountPath = mountOf({ name: props.repository });
    this.server = props.tier.address;
    rejectInvalid(this, problemsIn(this.claimName, namespace, props));

    const { tier } = props;
    this.node.addDependency(tier.ready);
    this.addVolume(namespace, props);
    this.node.addValidation({
      validate: () => userNamespaceProblems(this.node.root, namespace, this.claimName),
    });
  }

  private addVolume(
    namespace: string,
    { tier, mountOptions: further = [] }: CvmfsShareProps,
  ): void {
    const part: Part = {
      name: 'cvmfs-share',
      instance: this.claimName,
      component: 'share',
      partOf: 'cvmfs',
    };
    const { claimName: name } = this;
    const volumeName = `${namespace}-${name}`;
    const accessModes = ['ReadOnlyMany'];
    const volume = kubeObject(this, 'Volume', 'PersistentVolume', {
      metadata: { name: volumeName, labels: labelsOf(part) },
      spec: {
        accessModes,
        capacity: { storage: SIZE },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
        mountOptions: [...mountOptions(tier), ...further],
        nfs: { server: tier.address, path: this.mountPath, readOnly: true },
        persistentVolumeReclaimPolicy: 'Retain',
        volumeMode: 'Filesystem',
      },
    });
    const claim = kubeObject(this, 'Claim', 'PersistentVolumeClaim', {
      metadata: { name, labels: labelsOf(part) },
      spec: {
        accessModes,
        resources: { requests: { storage: SIZE } },
        storageClassName: '', // empty, not absent: keeps the default class away
        volumeName,
      },
    });
    // They hold nothing: whoever takes a share away loses no file.
    for (const object of [volume, claim]) hint(object, { protect: false, retainOnDelete: false });
  }
}

function problemsIn(claimName: string, namespace: string, props: CvmfsShareProps): string[] {
  const { tier, repository } = props;
  const names = tier.repositories.repositories.map(({ name }) => name);
  return [
    ...(names.includes(repository)
      ? []
      : [
          `'repository' must be one that the tier exports, ${names.join(', ')}, got '${repository}'`,
        ]),
    ...(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(claimName)
      ? []
      : [`'claimName' must be lower-case letters, digits and '-', at most 63, got '${claimName}'`]),
    ...(namespace === namespaceOf(tier)
      ? [
          `a share must stand in the namespace of its readers, not in '${namespace}', which is the tier's own`,
        ]
      : []),
    ...mountOptionProblems(props.mountOptions ?? [], tier),
  ];
}
