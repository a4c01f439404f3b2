import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { JupyterHubProps } from '../constructs/notebooks/hub-props';
import { JupyterHub } from '../constructs/notebooks/jupyterhub';
import { Tenant } from '../constructs/tenancy/tenant';
import type { TenantProps } from '../constructs/tenancy/tenant-props';

/** The notebooks of a site, and what all of them together may use. */
export interface NotebooksStackProps extends Omit<JupyterHubProps, 'quota'> {
  /** What the namespace may use: sessions, homes, hub and proxy. */
  readonly quota: TenantProps['quota'];
  /**
   * Namespace of the hub and its sessions.
   *
   * @default 'notebooks'
   */
  readonly namespace?: string;
}

/** Notebooks in a namespace of their own, which is held as any tenant's is. */
export class NotebooksStack extends Chart {
  public readonly hub: JupyterHub;

  constructor(scope: Construct, id: string, { namespace, quota, ...hub }: NotebooksStackProps) {
    super(scope, id, { namespace: namespace ?? 'notebooks' });
    new Tenant(this, 'Tenant', { quota });
    this.hub = new JupyterHub(this, 'Hub', { ...hub, quota });
  }
}
