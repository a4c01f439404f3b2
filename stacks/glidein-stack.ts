import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { GlideinFrontendProps } from '../constructs/batch/frontend-props';
import { GlideinFrontend } from '../constructs/batch/glidein-frontend';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** A VO's frontend. */
export interface GlideinStackProps extends GlideinFrontendProps {
  /**
   * Namespace of the frontend. Its Secrets are there. Nobody but the infrastructure team has rights in it.
   *
   * @default 'glidein'
   */
  readonly namespace?: string;
}

/** A frontend of GlideinWMS in a namespace of its own, as its pod is root. */
export class GlideinStack extends Chart {
  constructor(scope: Construct, id: string, { namespace, ...props }: GlideinStackProps) {
    super(scope, id, { namespace: namespace ?? 'glidein' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'batch', level: 'baseline' });
    new GlideinFrontend(this, 'Frontend', props);
  }
}
