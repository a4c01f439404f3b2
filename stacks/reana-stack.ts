import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IIdentityProvider } from '../constructs/contracts';
import { ProjectPolicies } from '../constructs/tenancy/project-policies';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';
import { Reana } from '../constructs/workflows/reana';
import type { ReanaProps } from '../constructs/workflows/reana-props';

/** A REANA, where it lives and who its people are. */
export interface ReanaStackProps extends Omit<ReanaProps, 'login'> {
  /** Its namespace: made here, or a project that somebody else made and whose admin deploys this. */
  readonly namespace: { readonly name: string; readonly made: 'here' | 'elsewhere' };
  /**
   * Who people are. REANA speaks OpenID Connect only.
   *
   * @default - accounts that the admin makes
   */
  readonly identity?: IIdentityProvider;
}

/** Reproducible analyses: workflows that people hand in, and that run as jobs of the cluster. */
export class ReanaStack extends Chart {
  public readonly reana: Reana;

  constructor(scope: Construct, id: string, { namespace, identity, ...reana }: ReanaStackProps) {
    super(scope, id, { namespace: namespace.name });
    const homes = [
      this,
      ...(reana.runs === undefined
        ? []
        : [new Chart(this, 'RunsHome', { namespace: reana.runs.namespace })]),
    ];
    for (const home of homes) {
      if (namespace.made === 'here') {
        // The job controller of every run begins as root, which the restricted level refuses.
        new PlatformNamespace(home, 'Namespace', { partOf: 'reana', level: 'baseline' });
      } else {
        new ProjectPolicies(home, 'Policies', { partOf: 'reana' });
      }
    }
    const login = identity?.login({
      scope: this,
      name: 'reana',
      redirectUris: [`https://${reana.host}/api/oauth/authorized/keycloak/`],
    });
    if (login?.kind === 'ldap') {
      throw new Error(
        `ReanaStack '${this.node.path}': REANA cannot ask an LDAP directory (${login.title}); put an OpenID Connect provider before it, as people of kind 'dex'`,
      );
    }
    this.reana = new Reana(this, 'Reana', { ...reana, ...(login === undefined ? {} : { login }) });
  }
}
