import { Chart } from 'cdk8s';

import { GivenStorageClass } from '../../constructs/storage/given-class';
import { AnalysisFacilityStack } from '../../stacks/analysis-facility-stack';
import { CvmfsSite } from '../../stacks/cvmfs-site';
import { EdgeStack } from '../../stacks/edge-stack';
import { RegistryStack } from '../../stacks/registry-stack';
import { StorageStack } from '../../stacks/storage-stack';
import { WelcomeStack } from '../../stacks/welcome-stack';
import { IdentityStack } from '../../stacks/identity-stack';
import { defineEnvironment } from '../environment';
import { directory } from './directory';
import { registryContent } from './registry-content';
import { site } from './site';

/** A site's production cluster on OKD. */
export const environment = defineEnvironment({
  name: 'production',
  target: 'okd 4.21',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  // Every OKD has it; its list of ways to log in becomes ours.
  adopt: ['_/oauth.config.openshift.io/cluster'],
  provided: [`_/storageclass.storage.k8s.io/${site.disks.className}`],
  build: (app) => {
    const storage = new StorageStack(app, 'Storage', {
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

    const { identity } = new IdentityStack(app, 'Identity', {
      // As public as the registry, whose users come in by it from everywhere.
      people: { kind: 'dex', host: site.identity.host, directory, reach: 'public' },
      okdLogin: { kind: 'ldap', directory },
      groupSync: { directory, schedule: site.identity.groupSync },
      ingress: edge.ingress,
    });

    const { host, layersGiB, backup } = site.registry;
    const registry = new RegistryStack(app, 'Registry', {
      host,
      ingress: edge.ingress,
      storage: { kind: 'claim', size: `${layersGiB}Gi`, class: storage.nfs },
      database: {
        kind: 'inside',
        size: '20Gi',
        class: storage.nfs,
        backup: { ...backup, size: '20Gi', class: storage.nfs },
      },
      redis: { kind: 'inside', size: '2Gi', class: storage.nfs },
      trivy: { size: '10Gi', class: storage.nfs },
      replicas: { core: 2, portal: 2, registry: 2, jobservice: 2 },
      monitoringNamespaces: ingress.monitoringNamespaces,
      identity,
      adminGroup: 'computing',
      content: registryContent,
    });
    registry.addDependency(edge);

    const cvmfs = new CvmfsSite(app, 'Cvmfs', {
      ...site.cvmfs,
      maps: { storageClass: storage.nfs, sizeGiB: 20 },
      monitoringNamespaces: ingress.monitoringNamespaces,
    });

    const disks = new GivenStorageClass(new Chart(app, 'Given'), 'Disks', {
      ...site.disks,
      accessModes: ['ReadWriteOnce'],
    });
    const { homeGiB, ...notebooks } = site.facility.notebooks;
    const { domain, keyRotation, spoolGiB, pods, ...execute } = site.htcondor;
    const facility = new AnalysisFacilityStack(app, 'Facility', {
      ...site.facility,
      ingress: edge.ingress,
      identity,
      cvmfs,
      tenants: site.tenants,
      notebooks: {
        ...notebooks,
        homes: { kind: 'claims', storageClass: storage.nfs, sizeGiB: homeGiB },
        database: { kind: 'sqlite', storageClass: disks },
      },
      // The front door brings the definitions of Traefik.
      dask: { ...site.facility.dask, proxyDefinitions: 'cluster' },
      htcondor: {
        domain,
        key: { rotation: keyRotation },
        submit: { nodes: 1, spool: { kind: 'claims', storageClass: disks, sizeGiB: spoolGiB } },
        execute: { ...execute, size: { kind: 'fixed', pods } },
      },
      monitoringNamespaces: ingress.monitoringNamespaces,
    });
    facility.addDependency(edge);
  },
});
