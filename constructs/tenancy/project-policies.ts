import { Construct } from 'constructs';

import { denyAllButDns } from '../kit/network';
import { namespaceOf } from '../kit/objects';

/** A project that is there already. */
export interface ProjectPoliciesProps {
  /** The larger thing that lives in it: `reana`. */
  readonly partOf: string;
}

/** Closes a namespace that somebody else made to the network, as its admin may. Adds no namespace. */
export class ProjectPolicies extends Construct {
  constructor(scope: Construct, id: string, { partOf }: ProjectPoliciesProps) {
    super(scope, id);
    const instance = namespaceOf(this);
    denyAllButDns(this, { name: 'project', instance, component: 'policies', partOf });
  }
}
