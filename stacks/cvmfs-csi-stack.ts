import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IStorageClass } from '../constructs/contracts';
import { CvmfsCsiDriver } from '../constructs/cvmfs/csi-driver';
import type { CvmfsCsiDriverProps } from '../constructs/cvmfs/csi-props';
import { CvmfsRepositories } from '../constructs/cvmfs/repositories';
import type { CvmfsRepositoriesProps } from '../constructs/cvmfs/repositories-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** A CVMFS client on every node. */
export interface CvmfsCsiStackProps {
  readonly repositories: CvmfsRepositoriesProps;
  readonly driver: Omit<CvmfsCsiDriverProps, 'repositories'>;
  /**
   * Namespace of the driver. Nobody but cluster admins gets rights in it.
   *
   * @default 'cvmfs-csi'
   */
  readonly namespace?: string;
}

/** The CSI driver of CVMFS in a namespace of its own, where pods are privileged and nobody logs in. */
export class CvmfsCsiStack extends Chart {
  /** The class that claims to all repositories name. */
  public readonly storage: IStorageClass;

  constructor(scope: Construct, id: string, props: CvmfsCsiStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'cvmfs-csi' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'cvmfs', level: 'privileged' });
    const repositories = new CvmfsRepositories(this, 'Repositories', props.repositories);
    this.storage = new CvmfsCsiDriver(this, 'Driver', { ...props.driver, repositories });
  }
}
