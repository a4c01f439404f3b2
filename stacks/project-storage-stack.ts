import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { Claim, type ClaimProps } from '../constructs/storage/claim';
import { GivenStorageClass, type GivenStorageClassProps } from '../constructs/storage/given-class';
import type { IVolumeClass } from '../constructs/storage/volume-class';

/** What a project gets from a cluster that others run. */
export interface ProjectStorageStackProps {
  /** Namespace of the project. It is there already. */
  readonly project: string;
  readonly storageClass: GivenStorageClassProps;
  readonly claims: readonly Omit<ClaimProps, 'storageClass'>[];
}

/** The claims of one project, on a class that is the cluster's. Needs no right beyond the project's own. */
export class ProjectStorageStack extends Chart {
  public readonly storageClass: IVolumeClass;
  /** The claims by name. */
  public readonly claims: ReadonlyMap<string, Claim>;

  constructor(scope: Construct, id: string, props: ProjectStorageStackProps) {
    super(scope, id, { namespace: props.project });
    const storageClass = new GivenStorageClass(this, 'Class', props.storageClass);
    this.storageClass = storageClass;
    this.claims = new Map(
      props.claims.map((claim) => [
        claim.claimName,
        new Claim(this, `Claim-${claim.claimName}`, { ...claim, storageClass }),
      ]),
    );
  }
}
