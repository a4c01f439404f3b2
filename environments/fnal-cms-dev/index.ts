import { GlusterStack } from '../../stacks/gluster-stack';
import { secretFromConfig } from '../../constructs/kit/secret-value';
import { TenantStack } from '../../stacks/tenant-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** Where CMS at Fermilab develops: OKD 3.11 with Gluster, as the talk shows it. */
export const environment = defineEnvironment({
  name: 'fnal-cms-dev',
  target: 'okd 3.11',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  build: (app) => {
    new GlusterStack(app, 'Storage', {
      gluster: {
        className: 'glusterfs-storage',
        isDefault: true,
        heketi: { ...site.heketi, key: secretFromConfig('heketi-key') },
      },
    });

    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
