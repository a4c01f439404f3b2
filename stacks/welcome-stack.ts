import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { Welcome, type WelcomeProps } from '../constructs/edge/welcome';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Where the welcome service is found. */
export interface WelcomeStackProps extends WelcomeProps {
  /**
   * Its namespace.
   *
   * @default 'welcome'
   */
  readonly namespace?: string;
}

/** The first thing to look at on a new site: a small service behind its front door. */
export class WelcomeStack extends Chart {
  constructor(scope: Construct, id: string, props: WelcomeStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'welcome' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'welcome' });
    new Welcome(this, 'Welcome', props);
  }
}
