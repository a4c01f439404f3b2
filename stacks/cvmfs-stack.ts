import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { CvmfsExport } from '../constructs/cvmfs/export';
import type { CvmfsExportProps } from '../constructs/cvmfs/export-props';
import { CvmfsRepositories } from '../constructs/cvmfs/repositories';
import type { CvmfsRepositoriesProps } from '../constructs/cvmfs/repositories-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Which repositories a site exports, and how. */
export interface CvmfsStackProps {
  readonly repositories: CvmfsRepositoriesProps;
  readonly tier: Omit<CvmfsExportProps, 'repositories'>;
  /**
   * Namespace of the servers. Nobody but cluster admins gets rights in it.
   *
   * @default 'cvmfs'
   */
  readonly namespace?: string;
}

/** The NFS tier in a namespace of its own, where pods are privileged and nobody logs in. */
export class CvmfsStack extends Chart {
  /** What `CvmfsShareStack` gives namespaces a part of. */
  public readonly tier: CvmfsExport;

  constructor(scope: Construct, id: string, props: CvmfsStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'cvmfs' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'cvmfs', level: 'privileged' });
    const repositories = new CvmfsRepositories(this, 'Repositories', props.repositories);
    this.tier = new CvmfsExport(this, 'Export', { ...props.tier, repositories });
  }
}
