import type { Construct } from 'constructs';
import type { EnvVar, Probe } from 'kubernetes-types/core/v1';

import type { SecretRef } from '../contracts';
import type { Autoscaling } from '../kit/autoscaler';
import type { Resources } from '../kit/containers';
import type { Part } from '../kit/labels';
import { namespaceOf } from '../kit/objects';
import type { PodProps } from '../kit/pods';
import { serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { IMAGES } from '../versions';
import type { HarborComponent, HarborProps, ScalableComponent } from './harbor-props';
import { HarborSecrets } from './harbor-secrets';

/** Port of metrics on every program that has any. */
export const METRICS_PORT = 8001;

/** Users that Harbor's images belong to (`Dockerfile.base` of each, in `make/photon`). */
const HARBOR_USER = 10000;
const DATA_USER = 999;

/** What all programs of one Harbor have in common: names, addresses, users. */
export class HarborSite {
  public readonly secrets: HarborSecrets;

  constructor(
    readonly scope: Construct,
    readonly props: HarborProps,
  ) {
    this.secrets = new HarborSecrets(props);
  }

  /** `harbor-core`. */
  nameOf(what: string): string {
    return `${this.props.name ?? 'harbor'}-${what}`;
  }

  part(component: HarborComponent | 'backup'): Part {
    return {
      name: 'harbor',
      instance: this.props.name ?? 'harbor',
      component,
      partOf: 'registry',
      version: IMAGES.harborCore.tag,
    };
  }

  get tls(): boolean {
    return this.props.internalTls !== undefined;
  }

  get scheme(): 'http' | 'https' {
    return this.tls ? 'https' : 'http';
  }

  /** Port that a program listens on. */
  get port(): number {
    return this.tls ? 8443 : 8080;
  }

  get registryPort(): number {
    return this.tls ? 5443 : 5000;
  }

  /** How the others reach a program: `http://harbor-core:8080`. */
  url(component: 'core' | 'portal' | 'jobservice' | 'registry' | 'registryctl' | 'trivy'): string {
    const host = component === 'registryctl' ? 'registry' : component;
    const port = component === 'registry' ? this.registryPort : this.port;
    return `${this.scheme}://${this.nameOf(host)}:${port}`;
  }

  /** `https://registry.example.org`. */
  get publicUrl(): string {
    return `https://${this.props.host}`;
  }

  /** The first number of pods of a program, and how it grows. */
  scale(component: ScalableComponent): { readonly replicas: number; readonly grows?: Autoscaling } {
    const wanted = this.props.replicas?.[component] ?? 1;
    return typeof wanted === 'number'
      ? { replicas: wanted }
      : { replicas: wanted.min, grows: wanted };
  }

  resources(component: HarborComponent, otherwise: Resources): Resources {
    return this.props.resources?.[component] ?? otherwise;
  }

  /** Adds the ServiceAccount of a program; answers as whom and where its pods run. */
  runAs(
    scope: Construct,
    component: HarborComponent | 'backup',
  ): Pick<PodProps, 'serviceAccount' | 'user' | 'fixedUser' | 'volumeGroup'> {
    const name = this.nameOf(component);
    const part = this.part(component);
    serviceAccount(scope, `ServiceAccount-${component}`, name, part);
    if (this.props.users === 'namespace-range') return { serviceAccount: name };
    const to = { name, namespace: namespaceOf(scope) };
    grantScc(scope, `Scc-${component}`, { scc: 'nonroot', part, serviceAccount: to });
    const data = component === 'database' || component === 'redis' || component === 'backup';
    const user = data ? DATA_USER : HARBOR_USER;
    return { serviceAccount: name, user, fixedUser: true, volumeGroup: user };
  }

  /** `GET path` on the port of a program. */
  probe(port: string, path: string, more: Partial<Probe> = {}): Probe {
    return { httpGet: { port, path, scheme: this.tls ? 'HTTPS' : 'HTTP' }, ...more };
  }
}

/** A variable whose value is in a Secret. */
export function fromSecret(name: string, { name: secret, key }: SecretRef): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** Variables from plain values, sorted by name, so that the order of writing does not show. */
export function variables(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}
