import { EdgeStack } from '../../stacks/edge-stack';
import { StorageStack } from '../../stacks/storage-stack';
import { TenantStack } from '../../stacks/tenant-stack';
import { WelcomeStack } from '../../stacks/welcome-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** Everything a site has, small, on the embedded cluster of whoever runs it. */
export const environment = defineEnvironment({
  name: 'dev',
  target: 'kubernetes 1.34',
  cluster: { kind: 'embedded', nodes: site.nodes },
  data: 'disposable',
  build: (app) => {
    new StorageStack(app, 'Storage', { nfs: { ...site.filer, className: 'nfs', isDefault: true } });

    const edge = new EdgeStack(app, 'Edge', {
      ingress: { kind: 'traefik', ...site.ingress, exposure: { type: 'LoadBalancer' } },
    });
    const welcome = new WelcomeStack(app, 'Welcome', { ...site.welcome, ingress: edge.ingress });
    welcome.addDependency(edge);

    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
