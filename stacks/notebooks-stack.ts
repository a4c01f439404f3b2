import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { JupyterHubProps } from '../constructs/notebooks/hub-props';
import { JupyterHub } from '../constructs/notebooks/jupyterhub';
import { Tenant } from '../constructs/tenancy/tenant';
import type { TenantProps } from '../constructs/tenancy/tenant-props';

/** The notebooks of a site, and what all of them together may use. */
export interface NotebooksStackProps extends Omit<JupyterHubProps, 'quota'> {
  /**
   * What the namespace may use: sessions, homes, hub and proxy. Where each person's home is a claim, `claims` is by default as many homes as
   * `storageGiB` holds, and 20 for the rest.
   */
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
    const claims = notebookClaims({ ...hub, quota });
    new Tenant(this, 'Tenant', { quota: { ...quota, claims } });
    this.hub = new JupyterHub(this, 'Hub', { ...hub, quota });
  }
}

/** Claims that the namespace may have: those of a tenant would be used up by the twentieth person who logs in. */
export function notebookClaims({
  quota,
  homes,
}: Pick<NotebooksStackProps, 'quota' | 'homes'>): number {
  const others = 20;
  if (quota.claims !== undefined) return quota.claims;
  return homes.kind === 'claims' ? others + Math.floor(quota.storageGiB / homes.sizeGiB) : others;
}
