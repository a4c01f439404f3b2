import { TenantStack } from '../../stacks/tenant-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** Fermilab's production cluster: OKD 4 with Ceph by Rook, Gluster gone. */
export const environment = defineEnvironment({
  name: 'fnal-production',
  target: 'okd 4.21',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  build: (app) => {
    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
