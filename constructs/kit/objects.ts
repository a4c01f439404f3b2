import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { CustomResourceDefinition } from 'kubernetes-types/apiextensions/v1';
import type { DaemonSet, Deployment, StatefulSet } from 'kubernetes-types/apps/v1';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { CronJob, Job } from 'kubernetes-types/batch/v1';
import type {
  ConfigMap,
  LimitRange,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from 'kubernetes-types/core/v1';
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import type { IngressClass, NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from 'kubernetes-types/rbac/v1';
import type { PriorityClass } from 'kubernetes-types/scheduling/v1';
import type { CSIDriver, StorageClass } from 'kubernetes-types/storage/v1';

import { targetOf } from '../targets';
import { markSource } from './source';

/** The kinds whose bodies are the same in every API version that a target serves, with the type of the body. */
interface Bodies {
  ClusterRole: ClusterRole;
  ClusterRoleBinding: ClusterRoleBinding;
  ConfigMap: ConfigMap;
  CronJob: CronJob;
  CSIDriver: CSIDriver;
  CustomResourceDefinition: CustomResourceDefinition;
  DaemonSet: DaemonSet;
  Deployment: Deployment;
  HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  IngressClass: IngressClass;
  Job: Job;
  LimitRange: LimitRange;
  Namespace: Namespace;
  NetworkPolicy: NetworkPolicy;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  PodDisruptionBudget: PodDisruptionBudget;
  PriorityClass: PriorityClass;
  ResourceQuota: ResourceQuota;
  Role: Role;
  RoleBinding: RoleBinding;
  Secret: Secret;
  Service: Service;
  ServiceAccount: ServiceAccount;
  StatefulSet: StatefulSet;
  StorageClass: StorageClass;
}

/** Metadata with the name that every object of ours is given in full. */
export type NamedMeta = ObjectMeta & { readonly name: string };

/** What an object holds beside its API version and kind. */
export type Body<K extends keyof Bodies> = Omit<
  Bodies[K],
  'apiVersion' | 'kind' | 'metadata' | 'status'
> & { readonly metadata: NamedMeta };

/** Adds an object of a built-in kind, in the best API version that the target serves. */
export function kubeObject<K extends keyof Bodies>(
  scope: Construct,
  id: string,
  kind: K,
  body: Body<K>,
): ApiObject {
  const apiVersion = targetOf(scope).apiVersion(kind);
  const made = new ApiObject(scope, id, { ...body, apiVersion, kind });
  markSource(made);
  return made;
}

/** Adds an object whose type is not built in, or whose body depends on its API version. */
export function customObject(
  scope: Construct,
  id: string,
  object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: NamedMeta;
  } & Readonly<Record<string, unknown>>,
): ApiObject {
  const made = new ApiObject(scope, id, object);
  markSource(made);
  return made;
}

/** The namespace that the objects of a construct land in. Throws an Error if its chart has none. */
export function namespaceOf(scope: Construct): string {
  const { namespace } = Chart.of(scope);
  if (namespace !== undefined) return namespace;
  throw new Error(`'${scope.node.path}' stands in a chart without a namespace; give the stack one`);
}
