import { EdgeStack } from '../../stacks/edge-stack';
import { StorageStack } from '../../stacks/storage-stack';
import { TenantStack } from '../../stacks/tenant-stack';
import { WelcomeStack } from '../../stacks/welcome-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** A site's production cluster on OKD. */
export const environment = defineEnvironment({
  name: 'production',
  target: 'okd 4.21',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  build: (app) => {
    new StorageStack(app, 'Storage', {
      nfs: { ...site.filer, className: 'nfs', isDefault: true, replicas: 2 },
    });

    const { address, ...ingress } = site.ingress;
    const edge = new EdgeStack(app, 'Edge', {
      ingress: {
        kind: 'traefik',
        ...ingress,
        scaling: { max: ingress.replicas * 3, cpuPercent: 70 },
        exposure: { type: 'LoadBalancer', address },
      },
    });
    const welcome = new WelcomeStack(app, 'Welcome', { ...site.welcome, ingress: edge.ingress });
    welcome.addDependency(edge);

    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
