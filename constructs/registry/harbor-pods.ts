import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvVar, Volume, VolumeMount } from 'kubernetes-types/core/v1';

import { autoscaler } from '../kit/autoscaler';
import { hint } from '../kit/hints';
import { labelsOf, selectorOf } from '../kit/labels';
import { scrape } from '../kit/monitoring';
import { kubeObject, namespaceOf } from '../kit/objects';
import { deployment, type DeploymentProps } from '../kit/workloads';
import type { HarborComponent, ScalableComponent } from './harbor-props';
import { METRICS_PORT, variables, type HarborSite } from './harbor-site';
import { secretName, tlsFolder, tlsMounts } from './internal-tls';
import type { TlsComponent } from './internal-tls-props';

/** What a program of Harbor needs to trust and to be trusted: mounts, volumes, variables. */
export interface Trust {
  readonly mounts: readonly VolumeMount[];
  readonly volumes: readonly Volume[];
  readonly env: readonly EnvVar[];
}

/**
 * Certificates of a program. The images' own entry points copy authorities into the bundle of the system, which takes a writable
 * root; we start the programs themselves and name the folders in `SSL_CERT_DIR`, which Go reads beside that bundle.
 */
export function trustOf(site: HarborSite, component: TlsComponent | 'exporter'): Trust {
  const { trust, proxy, login } = site.props;
  const certificate =
    component === 'exporter' ? { mounts: [], volumes: [] } : tlsMounts(site, component);
  const authorities = [
    ...(trust === undefined
      ? []
      : [{ name: 'trust', mountPath: '/harbor_cust_cert', configMap: trust }]),
    // Core alone speaks to the directory.
    ...(component === 'core' && login?.kind === 'ldap' && login.authorities !== undefined
      ? [
          {
            name: 'directory',
            mountPath: '/harbor_directory_cert',
            configMap: site.nameOf('directory'),
          },
        ]
      : []),
  ];
  const folders = [
    ...(component !== 'exporter' && site.tls ? [tlsFolder(component)] : []),
    ...authorities.map(({ mountPath }) => mountPath),
  ];
  return {
    mounts: [
      ...certificate.mounts,
      ...authorities.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
    ],
    volumes: [
      ...certificate.volumes,
      ...authorities.map(({ name, configMap }) => ({ name, configMap: { name: configMap } })),
    ],
    env: [
      ...(folders.length === 0 ? [] : [{ name: 'SSL_CERT_DIR', value: folders.join(':') }]),
      ...(proxy === undefined || component === 'portal' ? [] : proxyVariables(site, proxy)),
    ],
  };
}

function proxyVariables(
  site: HarborSite,
  { url, except }: { readonly url: string; readonly except: readonly string[] },
): EnvVar[] {
  const own = ['core', 'portal', 'registry', 'jobservice', 'trivy', 'database', 'redis'];
  const direct = [
    '127.0.0.1',
    'localhost',
    '.svc',
    '.cluster.local',
    ...own.map((name) => site.nameOf(name)),
  ];
  return variables({
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    NO_PROXY: [...direct, ...except].join(','),
  });
}

/** The variables by which Go programs of Harbor find their certificate. */
export function tlsVariables(site: HarborSite, component: TlsComponent): EnvVar[] {
  if (!site.tls) return [];
  const folder = tlsFolder(component);
  return variables({
    INTERNAL_TLS_ENABLED: 'true',
    INTERNAL_TLS_CERT_PATH: `${folder}/tls.crt`,
    INTERNAL_TLS_KEY_PATH: `${folder}/tls.key`,
    INTERNAL_TLS_TRUST_CA_PATH: `${folder}/ca.crt`,
  });
}

/** Adds the Deployment of a program, with what makes it grow. */
export function harborDeployment(
  scope: Construct,
  site: HarborSite,
  component: ScalableComponent | 'exporter',
  props: Omit<DeploymentProps, 'name' | 'part' | 'replicas'>,
): ApiObject {
  const part = site.part(component);
  const { replicas, grows } =
    component === 'exporter' ? { replicas: 1, grows: undefined } : site.scale(component);
  const made = deployment(scope, `Deployment-${component}`, {
    name: site.nameOf(component),
    part,
    replicas,
    ...props,
  });
  if (grows !== undefined)
    autoscaler(scope, `Autoscaler-${component}`, { part, workload: made, ...grows });
  if (component !== 'exporter') knowTlsSecret(site, component, made);
  return made;
}

/** Tells the plan that somebody else writes the Secret with a program's certificate. */
export function knowTlsSecret(
  site: HarborSite,
  component: TlsComponent,
  workload: ApiObject,
): void {
  if (site.props.internalTls?.certificates.from !== 'cert-manager') return;
  const secret = secretName(site, component);
  hint(workload, { external: [`${namespaceOf(workload)}/secret/${secret}`] });
}

/** What a Service of Harbor offers. */
interface HarborServiceProps {
  readonly ports: Readonly<Record<string, number>>;
  /** Whether the program has metrics. */
  readonly measured: boolean;
}

/** Adds the Service of a program; with metrics, what collects them, too. */
export function harborService(
  scope: Construct,
  site: HarborSite,
  component: HarborComponent,
  { ports, measured }: HarborServiceProps,
): ApiObject {
  const part = site.part(component);
  const name = site.nameOf(component);
  const all = { ...ports, ...(measured ? { metrics: METRICS_PORT } : {}) };
  const service = kubeObject(scope, `Service-${component}`, 'Service', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      selector: selectorOf(part),
      ports: Object.entries(all).map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: port,
        protocol: 'TCP',
      })),
    },
  });
  if (measured) {
    scrape(scope, `Metrics-${component}`, site.props.monitoring ?? 'none', {
      name,
      part,
      port: 'metrics',
    });
  }
  return service;
}
