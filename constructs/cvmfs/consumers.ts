import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PodSpec } from 'kubernetes-types/core/v1';

/** An object that runs pods, as far as it is looked into. */
interface Workload {
  readonly kind: string;
  readonly metadata: {
    /** @default - none */
    readonly name?: string;
    /** @default - none */
    readonly namespace?: string;
  };
  /** @default - none */
  readonly spec?: Templated & {
    /** @default - no CronJob */
    readonly jobTemplate?: {
      /** @default - none */
      readonly spec?: Templated;
    };
  } & Partial<PodSpec>;
}

interface Templated {
  /** @default - none */
  readonly template?: {
    /** @default - none */
    readonly spec?: PodSpec;
  };
}

/** Kinds that make pods. Rendering every other object of a large tree would take long. */
const MAKERS = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicaSet',
]);

/** The pods of a tree: who makes them, where, and what they are. */
export interface PodSource {
  readonly what: string;
  readonly namespace: string | undefined;
  readonly pod: PodSpec;
}

/** Every pod that objects below `root` make. */
export function podsBelow(root: IConstruct): PodSource[] {
  return root.node.findAll().flatMap((construct) => {
    if (!ApiObject.isApiObject(construct) || !MAKERS.has(construct.kind)) return [];
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any
    const manifest: Workload = construct.toJson();
    const pod = podOf(manifest);
    const what = `${manifest.kind} '${manifest.metadata.name ?? ''}'`;
    return pod === undefined ? [] : [{ what, namespace: manifest.metadata.namespace, pod }];
  });
}

/**
 * Pods that mount a claim for NFS and have a user namespace of their own: the node would refuse to start them, as NFS
 * has no ID-mapped mounts.
 */
export function userNamespaceProblems(
  root: IConstruct,
  namespace: string,
  claimName: string,
): string[] {
  return podsBelow(root)
    .filter((source) => source.namespace === namespace && source.pod.hostUsers === false)
    .filter(({ pod }) =>
      (pod.volumes ?? []).some(
        ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claimName,
      ),
    )
    .map(
      ({ what }) =>
        `${what} in '${namespace}' mounts the NFS claim '${claimName}' with 'hostUsers: false', which NFS cannot: it has ` +
        `no ID-mapped mounts; leave 'hostUsers' out, or take CVMFS by cvmfsexec`,
    );
}

function podOf({ kind, spec }: Workload): PodSpec | undefined {
  if (spec === undefined) return undefined;
  if (kind === 'Pod')
    return spec.containers === undefined ? undefined : { ...spec, containers: spec.containers };
  const pod = (spec.jobTemplate?.spec ?? spec).template?.spec;
  return pod?.containers === undefined ? undefined : pod;
}
