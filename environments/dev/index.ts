import { TenantStack } from '../../stacks/tenant-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

export const environment = defineEnvironment({
  name: 'dev',
  target: 'kubernetes 1.34',
  cluster: { kind: 'embedded', nodes: site.nodes },
  data: 'disposable',
  build: (app) => {
    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
