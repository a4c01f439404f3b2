import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IFileShare } from '../constructs/contracts';
import type { CvmfsExport } from '../constructs/cvmfs/export';
import { CvmfsShare } from '../constructs/cvmfs/share';

/** Who reads which repositories. */
export interface CvmfsShareStackProps {
  readonly tier: CvmfsExport;
  /** Namespace of the readers, which another stack makes. */
  readonly namespace: string;
  /** Fully qualified names: `['atlas.cern.ch']`. */
  readonly repositories: readonly string[];
}

/** The repositories that the pods of one namespace can mount. */
export class CvmfsShareStack extends Chart {
  /** The shares by the name of their repository. */
  public readonly shares: ReadonlyMap<string, IFileShare>;

  constructor(scope: Construct, id: string, props: CvmfsShareStackProps) {
    super(scope, id, { namespace: props.namespace });
    const { tier } = props;
    this.shares = new Map(
      props.repositories.map((repository) => [
        repository,
        new CvmfsShare(this, repository, { tier, repository }),
      ]),
    );
  }
}
