import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvVar, VolumeMount } from 'kubernetes-types/core/v1';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { imageRef, IMAGES } from '../versions';
import { sharedSecrets, type HarborKeys } from './core';
import { redisPassword } from './harbor-connections';
import { harborDeployment, harborService, tlsVariables, trustOf } from './harbor-pods';
import { fromSecret, METRICS_PORT, type HarborSite } from './harbor-site';
import { controllerConfig, PASSWORD_FILE, registryConfig, STORAGE_FOLDER } from './registry-config';

/** Adds the registry with its controller beside it: layers come and go here. */
export function addRegistry(scope: Construct, site: HarborSite, keys: HarborKeys): void {
  const part = site.part('registry');
  const name = site.nameOf('registry');
  const config = kubeObject(scope, 'RegistryConfig', 'ConfigMap', {
    metadata: { name, labels: labelsOf(part) },
    data: { 'config.yml': registryConfig(site), 'controller.yml': controllerConfig(site) },
  });
  const secrets = kubeObject(scope, 'RegistrySecrets', 'Secret', {
    metadata: { name, labels: labelsOf(part) },
    stringData: {
      REGISTRY_HTTP_SECRET: site.secrets.token('registryHttp'),
      passwd: site.secrets.passwordFile(),
    },
  });
  const claim = addClaim(scope, site);
  const trust = trustOf(site, 'registry');
  const mounts: VolumeMount[] = [
    {
      name: 'config',
      mountPath: '/etc/registry/config.yml',
      subPath: 'config.yml',
      readOnly: true,
    },
    ...(claim === undefined ? [] : [{ name: 'layers', mountPath: STORAGE_FOLDER }]),
    ...trust.mounts,
  ];
  const env = [...trust.env, ...registryVariables(site), ...tlsVariables(site, 'registry')];
  const image = imageRef(IMAGES.harborRegistry);
  const made = harborDeployment(scope, site, 'registry', {
    ...site.runAs(scope, 'registry'),
    ...(sharesClaim(site) ? {} : { strategy: { type: 'Recreate' } }),
    graceSeconds: 120,
    config: [config, secrets, keys.core, keys.jobservice],
    containers: [
      {
        name: 'registry',
        image,
        command: ['/usr/bin/registry_DO_NOT_USE_GC', 'serve', '/etc/registry/config.yml'],
        env,
        ports: { web: site.registryPort, metrics: METRICS_PORT },
        resources: site.resources('registry', { cpu: '200m', memory: '256Mi', memoryLimit: '2Gi' }),
        probes: { readiness: site.probe('web', '/'), liveness: site.probe('web', '/') },
        mounts: [
          ...mounts,
          { name: 'secrets', mountPath: PASSWORD_FILE, subPath: 'passwd', readOnly: true },
        ],
        scratch: { '/tmp': '256Mi' },
      },
      {
        name: 'registryctl',
        image: imageRef(IMAGES.harborRegistryctl),
        command: [`${HARBOR_HOME}/harbor_registryctl`, '-c', '/etc/registryctl/config.yml'],
        env: [...env, ...sharedSecrets(site)],
        ports: { control: site.port },
        resources: { cpu: '50m', memory: '128Mi', memoryLimit: '1Gi' },
        probes: {
          readiness: site.probe('control', '/api/health'),
          liveness: site.probe('control', '/api/health'),
        },
        mounts: [
          ...mounts,
          {
            name: 'config',
            mountPath: '/etc/registryctl/config.yml',
            subPath: 'controller.yml',
            readOnly: true,
          },
        ],
        scratch: { '/tmp': '256Mi' },
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: config.name } },
      {
        name: 'secrets',
        secret: { secretName: secrets.name, items: [{ key: 'passwd', path: 'passwd' }] },
      },
      ...(claim === undefined
        ? []
        : [{ name: 'layers', persistentVolumeClaim: { claimName: claim.name } }]),
      ...trust.volumes,
    ],
  });
  if (site.props.storage.kind === 's3') made.node.addDependency(site.props.storage.bucket.ready);
  harborService(scope, site, 'registry', {
    ports: { web: site.registryPort, control: site.port },
    measured: true,
  });
}

/** The home of the image's user. */
const HARBOR_HOME = '/home/harbor';

/** Whether a new registry pod can start beside an old one. */
function sharesClaim({ props: { storage } }: HarborSite): boolean {
  return storage.kind === 's3' || storage.class.accessModes.includes('ReadWriteMany');
}

function addClaim(scope: Construct, site: HarborSite): ApiObject | undefined {
  const { storage } = site.props;
  if (storage.kind !== 'claim') return undefined;
  const claim = kubeObject(scope, 'Layers', 'PersistentVolumeClaim', {
    metadata: { name: site.nameOf('registry'), labels: labelsOf(site.part('registry')) },
    spec: {
      accessModes: [sharesClaim(site) ? 'ReadWriteMany' : 'ReadWriteOnce'],
      resources: { requests: { storage: storage.size } },
      storageClassName: storage.class.className,
    },
  });
  claim.node.addDependency(storage.class.ready);
  return claim;
}

function registryVariables(site: HarborSite): EnvVar[] {
  const { storage } = site.props;
  const password = redisPassword(site);
  return [
    fromSecret('REGISTRY_HTTP_SECRET', {
      name: site.nameOf('registry'),
      key: 'REGISTRY_HTTP_SECRET',
    }),
    ...(password === undefined ? [] : [fromSecret('REGISTRY_REDIS_PASSWORD', password)]),
    ...(storage.kind === 's3'
      ? [
          fromSecret('REGISTRY_STORAGE_S3_ACCESSKEY', storage.bucket.accessKey),
          fromSecret('REGISTRY_STORAGE_S3_SECRETKEY', storage.bucket.secretKey),
        ]
      : []),
  ];
}
