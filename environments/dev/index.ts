import { AnalysisFacilityStack } from '../../stacks/analysis-facility-stack';
import { EdgeStack } from '../../stacks/edge-stack';
import { IdentityStack } from '../../stacks/identity-stack';
import { StorageStack } from '../../stacks/storage-stack';
import { WelcomeStack } from '../../stacks/welcome-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

const { base, admins, ...facts } = site.identity;
const directory = {
  ...facts,
  admins: { groups: admins },
  users: { base: `ou=people,${base}`, filter: '(objectClass=inetOrgPerson)', attribute: 'uid' },
  groupSearch: {
    base: `ou=groups,${base}`,
    filter: '(objectClass=groupOfNames)',
    attribute: 'cn',
    member: 'member',
  },
};

/** Everything a site has, small, on the embedded cluster of whoever runs it. */
export const environment = defineEnvironment({
  name: 'dev',
  target: 'kubernetes 1.34',
  cluster: { kind: 'embedded', nodes: site.nodes },
  data: 'disposable',
  build: (app) => {
    const { nfs } = new StorageStack(app, 'Storage', {
      nfs: { ...site.filer, className: 'nfs', isDefault: true },
    });

    const edge = new EdgeStack(app, 'Edge', {
      ingress: { kind: 'traefik', ...site.ingress, exposure: { type: 'LoadBalancer' } },
    });
    const welcome = new WelcomeStack(app, 'Welcome', { ...site.welcome, ingress: edge.ingress });
    welcome.addDependency(edge);

    const { identity } = new IdentityStack(app, 'Identity', {
      people: { kind: 'ldap', directory },
      ingress: edge.ingress,
    });
    const { homeGiB, ...notebooks } = site.facility.notebooks;
    const facility = new AnalysisFacilityStack(app, 'Facility', {
      ...site.facility,
      ingress: edge.ingress,
      identity,
      tenants: site.tenants,
      notebooks: {
        ...notebooks,
        homes: { kind: 'claims', storageClass: nfs, sizeGiB: homeGiB },
        database: { kind: 'sqlite', storageClass: nfs },
      },
      // The front door brings the definitions of Traefik.
      dask: { ...site.facility.dask, proxyDefinitions: 'cluster' },
    });
    facility.addDependency(edge);
  },
});
