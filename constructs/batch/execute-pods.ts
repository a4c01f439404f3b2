import { JsonPatch, type ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import type { Elevated } from '../kit/containers';
import { hint } from '../kit/hints';
import { labelsOf } from '../kit/labels';
import { customObject, namespaceOf } from '../kit/objects';
import { cpu, gibibytes } from '../kit/quantity';
import { grantScc } from '../kit/scc';
import { deployment, disruptionBudget } from '../kit/workloads';
import { targetOf } from '../targets';
import { BATCH_IMAGES } from '../versions/batch';
import { PARTS } from './parts';
import { executeConfig, executeGrace, PATHS } from './pool-config';
import { condorPods, outOfRootGroup } from './pool-pods';
import type { Apptainer, HtcondorPoolProps, PoolSize } from './pool-props';
import type { PoolTokens } from './pool-tokens';

const NAME = 'condor-execute';

/** The pods that jobs run in. One that has to go takes no new jobs and gives those in it time to end. */
export class ExecuteWorkload extends Construct {
  constructor(scope: Construct, props: HtcondorPoolProps, host: string, tokens: PoolTokens) {
    super(scope, 'Execute');
    const part = PARTS.execute;
    const { execute } = props;
    const { shares = [], apptainer = { kind: 'none' } } = execute;
    const elevated = elevation(apptainer);
    const pods = condorPods(this, {
      name: NAME,
      part,
      image: BATCH_IMAGES.condorExecute,
      config: executeConfig(props, host),
      token: tokens.ofDaemon('execute', part),
      resources: { cpu: cpu(execute.cores), memory: gibibytes(execute.memoryGiB) },
      mounts: shares.map(({ mountPath, share }, index) => ({
        name: `share-${index}`,
        mountPath,
        readOnly: share.readOnly,
      })),
      volumes: shares.map(({ share }, index) => ({
        name: `share-${index}`,
        persistentVolumeClaim: { claimName: share.claimName, readOnly: share.readOnly },
      })),
      scratch: { [PATHS.execute]: gibibytes(execute.scratchGiB) },
      ...(elevated === undefined ? {} : { elevated }),
    });
    const annotations = this.deviceAnnotations(apptainer);
    const workload = deployment(this, 'Deployment', {
      ...pods,
      name: NAME,
      part,
      replicas: execute.size.kind === 'fixed' ? execute.size.pods : execute.size.min,
      graceSeconds: executeGrace(props),
      // The id of the account in the image: the SCCs beyond restricted give none of their own.
      fixedUser: apptainer.kind !== 'none',
      ...(annotations === undefined ? {} : { annotations }),
      ...(execute.priorityClass === undefined ? {} : { priorityClass: execute.priorityClass }),
      ...(execute.nodes === undefined ? {} : { nodes: execute.nodes }),
      ...(execute.tolerations === undefined ? {} : { tolerations: execute.tolerations }),
    });
    outOfRootGroup(workload);
    for (const { share } of shares) workload.node.addDependency(share.ready);
    this.allowApptainer(apptainer, workload);
    this.scale(execute.size, workload);
  }

  /** CRI-O's own way to a device, in its old spelling and the one that takes its place (cri-o, `ANNOTATION_MIGRATION.md`). */
  private deviceAnnotations(apptainer: Apptainer): Readonly<Record<string, string>> | undefined {
    if (apptainer.kind !== 'user-namespaces' || apptainer.fuseResource !== undefined) {
      return undefined;
    }
    return targetOf(this).has('crio-fuse-device')
      ? { 'io.kubernetes.cri-o.Devices': '/dev/fuse', 'devices.crio.io': '/dev/fuse' }
      : undefined;
  }

  private allowApptainer(apptainer: Apptainer, workload: ApiObject): void {
    if (apptainer.kind === 'none') return;
    const contained = apptainer.kind === 'user-namespaces';
    grantScc(this, 'Scc', {
      scc: contained ? { named: 'nested-container' } : 'privileged',
      part: PARTS.execute,
      serviceAccount: { name: NAME, namespace: namespaceOf(this) },
    });
    if (!contained) return;
    workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostUsers', false));
    const { fuseResource } = apptainer;
    if (fuseResource === undefined) return;
    const key = fuseResource.replaceAll('~', '~0').replaceAll('/', '~1');
    const path = `/spec/template/spec/containers/0/resources/limits/${key}`;
    workload.addJsonPatch(JsonPatch.add(path, '1'));
  }

  private scale(size: PoolSize, workload: ApiObject): void {
    if (size.kind === 'fixed') return;
    const target = targetOf(this);
    hint(workload, { ignoreChanges: ['spec.replicas'] });
    // One pod needs no budget, but it will not stay alone.
    if (size.min === 1) disruptionBudget(this, 'Budget', NAME, PARTS.execute);
    const scaled = { apiVersion: workload.apiVersion, kind: workload.kind, name: workload.name };
    customObject(this, 'Autoscaler', {
      apiVersion: target.apiVersion('HorizontalPodAutoscaler'),
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: NAME, labels: labelsOf(PARTS.execute) },
      spec: {
        scaleTargetRef: scaled,
        minReplicas: size.min,
        maxReplicas: size.max,
        ...measured(size, target.has('hpa-metrics')),
      },
    });
  }
}

function measured(
  size: Exclude<PoolSize, { kind: 'fixed' }>,
  metrics: boolean,
): Readonly<Record<string, unknown>> {
  if (size.kind === 'queue') {
    const { metric, idleJobsPerPod } = size;
    const external = {
      metric: { name: metric },
      target: { type: 'AverageValue', averageValue: String(idleJobsPerPod) },
    };
    return { metrics: [{ type: 'External', external }] };
  }
  if (!metrics) return { targetCPUUtilizationPercentage: size.percent };
  const target = { type: 'Utilization', averageUtilization: size.percent };
  return { metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] };
}

function elevation(apptainer: Apptainer): Elevated | undefined {
  switch (apptainer.kind) {
    case 'none':
      return undefined;
    case 'user-namespaces':
      // Beyond the runtime's profile it needs mount, pivot_root, setns, umount2 and unshare, and a /proc that it can mount anew.
      return {
        exempt:
          'Apptainer mounts inside of the pod, whose user namespace is its own: root in there is nobody outside',
        context: { seccompProfile: { type: 'Unconfined' }, procMount: 'Unmasked' },
      };
    case 'privileged':
      return {
        exempt: `Apptainer mounts inside of the pod; consent: ${apptainer.consent}`,
        context: { privileged: true, allowPrivilegeEscalation: true },
      };
  }
}
