import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IIdentityProvider } from '../constructs/contracts';
import { Harbor } from '../constructs/registry/harbor';
import type { HarborProps } from '../constructs/registry/harbor-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** The registry of a site, and who its people are. */
export interface RegistryStackProps extends Omit<HarborProps, 'login'> {
  /**
   * Namespace of the registry.
   *
   * @default 'registry'
   */
  readonly namespace?: string;
  /**
   * Who people are.
   *
   * @default - users that Harbor keeps itself
   */
  readonly identity?: IIdentityProvider;
}

/** The images of a site: pushed, scanned, replicated and pulled here. */
export class RegistryStack extends Chart {
  public readonly harbor: Harbor;

  constructor(
    scope: Construct,
    id: string,
    { namespace, identity, ...harbor }: RegistryStackProps,
  ) {
    super(scope, id, { namespace: namespace ?? 'registry' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'registry' });
    const login = identity?.login({
      scope: this,
      name: 'harbor',
      redirectUris: [`https://${harbor.host}/c/oidc/callback`],
    });
    this.harbor = new Harbor(this, 'Harbor', {
      ...harbor,
      ...(login === undefined ? {} : { login }),
    });
  }
}
